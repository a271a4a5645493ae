import { App, Chart } from 'cdk8s';
import { Problems } from '../../lib/core/problems';
import { Environment } from '../../lib/machines/environment';
import type { Member } from '../../lib/machines/member';
import { machines } from './member';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id, allowed }) => `${property} [${id}] ${allowed}`);
}

function emptyEnvironment(): Environment {
  return Environment.of(new App());
}

const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'payments' } };

describe('Environment', () => {
  test('is one for a whole program and another for another program', () => {
    const app = new App();
    expect(Environment.of(new Chart(app, 'a'))).toBe(Environment.of(new Chart(app, 'b')));
    expect(Environment.of(app)).not.toBe(Environment.of(new App()));
  });

  test('takes an object once', () => {
    const environment = emptyEnvironment();
    expect(verdict((p) => environment.declareObject(p, 'first', object))).toStrictEqual([]);
    expect(verdict((p) => environment.declareObject(p, 'second', object))).toStrictEqual([
      'name [object/declared-twice] one Service shop in namespace payments; first declares it already',
    ]);
  });

  test('tells objects apart by group, kind, namespace and name, not by version', () => {
    const environment = emptyEnvironment();
    environment.declareObject(new Problems(), 'first', { ...object, apiVersion: 'networking.istio.io/v1' });
    const others = [
      object,
      { ...object, kind: 'ServiceAccount' },
      { ...object, metadata: { name: 'till', namespace: 'payments' } },
      { ...object, metadata: { name: 'shop', namespace: 'other' } },
      { ...object, metadata: { name: 'shop' } },
    ];
    for (const other of others) expect(verdict((p) => environment.declareObject(p, 'x', other))).toStrictEqual([]);
    const sameInAnotherVersion = { ...object, apiVersion: 'networking.istio.io/v1beta1' };
    expect(verdict((p) => environment.declareObject(p, 'x', sameInAnotherVersion))).toHaveLength(1);
  });

  test('remembers only groups whose properties were good', () => {
    const environment = emptyEnvironment();
    verdict((p) => environment.checkGroup(p, machines));
    expect(verdict((p) => environment.checkGroup(p, machines))).toStrictEqual([]);
    environment.declareGroup('shop', machines);
    expect(verdict((p) => environment.checkGroup(p, machines))).toStrictEqual([
      'version [group/same-labels] a version other than that of shop, or another canonicalService',
    ]);
  });

  test('sees a port that machines lack, whichever of Service and machines was declared first', () => {
    const bare: Member = { ...machines, services: [], ports: [{ name: 'http', port: 9 }] };
    const serviceFirst = emptyEnvironment();
    serviceFirst.declareGroup('shop', machines);
    expect(verdict((p) => serviceFirst.checkSelection(p, bare))).toStrictEqual([
      'ports [group/not-served-behind-shared-service] ports that serve Service shop of shop: 8080 is missing',
    ]);
    const machinesFirst = emptyEnvironment();
    machinesFirst.declareGroup('bare', bare);
    expect(verdict((p) => machinesFirst.checkSelection(p, machines))).toStrictEqual([
      'services [group/not-served-behind-shared-service] ports that bare serves too: it does not serve 8080',
    ]);
  });

  test('selects machines by namespace and labels', () => {
    const environment = emptyEnvironment();
    environment.declareGroup('shop', machines);
    expect(environment.select('payments', { app: 'shop', version: 'v1' }).map(({ path }) => path)).toStrictEqual([
      'shop',
    ]);
    expect(environment.select('payments', { app: 'shop', version: 'v2' })).toStrictEqual([]);
    expect(environment.select('other', { app: 'shop' })).toStrictEqual([]);
  });
});
