import { declareObject } from '../../lib/core/declared-objects';
import { Problems } from '../../lib/core/problems';
import { Registry } from '../../lib/core/registry';

const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'payments' } };

function declare(program: Registry, path: string, declared = object as Parameters<typeof declareObject>[3]) {
  const problems = new Problems();
  declareObject(problems, program, path, declared);
  return problems.all.map(({ property, id, allowed }) => `${property} [${id}] ${allowed}`);
}

describe('declareObject', () => {
  test('takes an object once', () => {
    const program = new Registry();
    expect(declare(program, 'first')).toStrictEqual([]);
    expect(declare(program, 'second')).toStrictEqual([
      'name [object/declared-twice] one Service shop in namespace payments; first declares it already',
    ]);
  });

  test('tells objects apart by group, kind, namespace and name, not by version', () => {
    const program = new Registry();
    declare(program, 'first', { ...object, apiVersion: 'networking.istio.io/v1' });
    const others = [
      object,
      { ...object, kind: 'ServiceAccount' },
      { ...object, metadata: { name: 'till', namespace: 'payments' } },
      { ...object, metadata: { name: 'shop', namespace: 'other' } },
      { ...object, metadata: { name: 'shop' } },
    ];
    for (const other of others) expect(declare(program, 'x', other)).toStrictEqual([]);
    expect(declare(program, 'x', { ...object, apiVersion: 'networking.istio.io/v1beta1' })).toHaveLength(1);
  });
});
