import { type HttpRouteSpec, virtualService } from '../../../lib/traffic/manifests/virtual-service';

const host = 'shop.payments.svc.cluster.local';
const shares = [
  { subset: 'v1', percent: 100 },
  { subset: 'v2', percent: 0 },
];
const route: HttpRouteSpec = {
  header: undefined,
  shares,
  mirrors: [],
  timeoutSeconds: undefined,
  retries: undefined,
};

function specOf(http: readonly HttpRouteSpec[], tcp: typeof shares = []): unknown {
  return virtualService({ name: 'shop', namespace: 'payments', host, http, tcp }).spec;
}

describe('virtualService', () => {
  test('names its host, and writes shares of 0 too', () => {
    expect(virtualService({ name: 'shop', namespace: 'payments', host, http: [route], tcp: [] })).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        hosts: [host],
        http: [
          {
            route: [
              { destination: { host, subset: 'v1' }, weight: 100 },
              { destination: { host, subset: 'v2' }, weight: 0 },
            ],
          },
        ],
      },
    });
  });

  test('shares connections out without matches', () => {
    expect(specOf([], [{ subset: 'v1', percent: 100 }])).toStrictEqual({
      hosts: [host],
      tcp: [{ route: [{ destination: { host, subset: 'v1' }, weight: 100 }] }],
    });
  });

  test.each<[string, object, object]>([
    ['value', { exact: 'a' }, { exact: 'a' }],
    ['start', { prefix: 'a' }, { prefix: 'a' }],
    ['pattern', { regex: 'a' }, { regex: 'a' }],
    ['presence', {}, {}],
  ])('matches a header by its %s', (_what, condition, expected) => {
    const header = { name: 'x-a', exact: undefined, prefix: undefined, regex: undefined, ...condition };
    expect(specOf([{ ...route, header, shares: [] }])).toStrictEqual({
      hosts: [host],
      http: [{ match: [{ headers: { 'x-a': expected } }], route: [] }],
    });
  });

  test('writes mirror, timeout and retries', () => {
    const retries = {
      attempts: 3,
      perTryTimeoutSeconds: 0.5,
      backoffSeconds: 0.1,
      retryOn: ['connect-failure', '503'],
      retryRemoteLocalities: true,
    };
    const mirrors = [{ subset: 'v2', percent: 12.5 }];
    expect(specOf([{ ...route, shares: [], mirrors, timeoutSeconds: 2, retries }])).toStrictEqual({
      hosts: [host],
      http: [
        {
          route: [],
          mirrors: [{ destination: { host, subset: 'v2' }, percentage: { value: 12.5 } }],
          timeout: '2s',
          retries: {
            attempts: 3,
            perTryTimeout: '0.5s',
            backoff: '0.1s',
            retryOn: 'connect-failure,503',
            retryRemoteLocalities: true,
          },
        },
      ],
    });
  });

  test('turns retries off with attempts alone: Istio refuses anything beside 0', () => {
    const off = {
      attempts: 0,
      perTryTimeoutSeconds: undefined,
      backoffSeconds: undefined,
      retryOn: undefined,
      retryRemoteLocalities: undefined,
    };
    expect(specOf([{ ...route, shares: [], retries: off }])).toStrictEqual({
      hosts: [host],
      http: [{ route: [], retries: { attempts: 0 } }],
    });
  });
});
