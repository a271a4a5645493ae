import { examineWay } from '../../lib/cluster/way-to-istiod';
import { asking } from './clusters';

const SERVICE = '/api/v1/namespaces/istio-system/services/gateway';

function bundle(access: 'hostsEntry' | 'dnsName') {
  const host = access === 'dnsName' ? 'istiod.acme.example' : 'istiod.istio-system.svc';
  const gateway = access === 'dnsName' ? null : { namespace: 'istio-system', service: 'gateway' };
  return {
    kind: 'ConfigMap',
    data: { 'settings.json': JSON.stringify({ istiod: { host, port: 15012, access }, gateway }) },
  };
}

const ingress = (...addresses: readonly object[]) => ({ status: { loadBalancer: { ingress: addresses } } });

function way(
  objects: readonly Readonly<Record<string, unknown>>[],
  options: { service?: object; addresses?: Readonly<Record<string, string>>; names?: readonly string[] },
) {
  return examineWay(objects, objects, {
    ask: asking({ [SERVICE]: options.service }),
    lookup: (name) => {
      const found = options.addresses?.[name];
      return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve([found]);
    },
    dial: () => (options.names === undefined ? Promise.reject(new Error('refused')) : Promise.resolve(options.names)),
  });
}

test('a gateway that answers with the name is told once for all groups that use it', async () => {
  const objects = [bundle('hostsEntry'), bundle('hostsEntry')];
  expect(
    await way(objects, { service: ingress({ ip: '192.0.2.1' }), names: ['istiod.istio-system.svc'] }),
  ).toStrictEqual([
    { level: 'note', subject: 'istiod at 192.0.2.1:15012', text: 'answers as istiod.istio-system.svc' },
  ]);
});

test('a gateway that is not there, or has no address, is wrong', async () => {
  expect(await way([bundle('hostsEntry')], {})).toMatchObject([{ level: 'wrong', text: /is not there/ }].map(match));
  expect(await way([bundle('hostsEntry')], { service: ingress() })).toMatchObject(
    [{ level: 'wrong', text: /has no address/ }].map(match),
  );
});

test('a certificate without the name is wrong, and silence is not: machines stand elsewhere', async () => {
  const service = ingress({ ip: '192.0.2.1' });
  expect(await way([bundle('hostsEntry')], { service, names: ['other'] })).toMatchObject(
    [{ level: 'wrong', text: /^its certificate carries other, and machines dial istiod\.istio-system\.svc/ }].map(
      match,
    ),
  );
  expect(await way([bundle('hostsEntry')], { service })).toMatchObject(
    [{ level: 'note', text: /^is not reached from here \(refused\)/ }].map(match),
  );
});

test('a name of yours that does not resolve is wrong', async () => {
  expect(await way([bundle('dnsName')], {})).toMatchObject(
    [{ level: 'wrong', text: /^does not resolve here \(ENOTFOUND\)/ }].map(match),
  );
  const found = await way([bundle('dnsName')], {
    addresses: { 'istiod.acme.example': '192.0.2.9' },
    names: ['istiod.acme.example'],
  });
  expect(found).toStrictEqual([
    { level: 'note', subject: 'istiod at 192.0.2.9:15012', text: 'answers as istiod.acme.example' },
  ]);
});

test('a name of yours that leads elsewhere than to the gateway of the program is wrong', async () => {
  const gateway = {
    kind: 'Service',
    metadata: { namespace: 'istio-system', name: 'gateway' },
    spec: { ports: [{ port: 15012 }] },
  };
  const names = ['istiod.acme.example'];
  const service = ingress({ hostname: 'lb.example' });
  const elsewhere = { 'istiod.acme.example': '192.0.2.9', 'lb.example': '192.0.2.1' };
  expect(await way([bundle('dnsName'), gateway], { service, addresses: elsewhere, names })).toMatchObject(
    [
      { level: 'wrong', text: /^resolves here to 192\.0\.2\.9, and the gateway is at lb\.example/ },
      { level: 'note', text: /^answers as istiod\.acme\.example/ },
    ].map(match),
  );
  const there = { ...elsewhere, 'istiod.acme.example': '192.0.2.1' };
  expect(await way([bundle('dnsName'), gateway], { service, addresses: there, names })).toStrictEqual([
    { level: 'note', subject: 'istiod at 192.0.2.1:15012', text: 'answers as istiod.acme.example' },
  ]);
});

test('what is no bundle leads nowhere', async () => {
  const broken = { kind: 'ConfigMap', data: { 'settings.json': '{' } };
  expect(await way([broken], {})).toStrictEqual([]);
});

function match({ level, text }: { readonly level: string; readonly text: RegExp }) {
  return { level, text: expect.stringMatching(text) };
}
