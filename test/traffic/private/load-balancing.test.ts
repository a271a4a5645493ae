import fc from 'fast-check';
import { HashAlgorithm, HashKey, LoadBalancing, Locality, LocalityBalancing } from 'meshvm';
import { Problems } from '../../../lib/core/problems';
import { checkLoadBalancing, checkLocalityBalancing } from '../../../lib/traffic/private/load-balancing';

function problemsOf(balancing: LoadBalancing | LocalityBalancing): readonly string[] {
  const problems = new Problems();
  if (balancing instanceof LoadBalancing) checkLoadBalancing(problems, balancing);
  else checkLocalityBalancing(problems, balancing);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

const hash = (key: HashKey, algorithm?: HashAlgorithm) => LoadBalancing.consistentHash(key, algorithm);
const [eu, us, zone] = [Locality.of('eu'), Locality.of('us'), Locality.of('eu', 'a')];
const all = (locality: Locality) => [{ locality, percent: 100 }];

describe('checkLoadBalancing', () => {
  test.each<[string, LoadBalancing, readonly string[]]>([
    [
      'a name that no header has',
      hash(HashKey.header('a b')),
      ['consistentHash.key.header [load-balancing/hash-name]'],
    ],
    [
      'a parameter without a name',
      hash(HashKey.queryParameter('')),
      ['consistentHash.key.queryParameter [load-balancing/hash-name]'],
    ],
    [
      'a cookie without a name',
      hash(HashKey.cookie('')),
      ['consistentHash.key.cookie.name [load-balancing/cookie-name-empty]'],
    ],
    [
      'a cookie of no time',
      hash(HashKey.cookie('a', { ttlSeconds: -1 })),
      ['consistentHash.key.cookie.ttlSeconds [duration/seconds-or-zero]'],
    ],
    [
      'a ring too large',
      hash(HashKey.sourceIp(), HashAlgorithm.ringHash(8388609)),
      ['consistentHash.algorithm.ringHash.minimumRingSize [load-balancing/ring-size]'],
    ],
    [
      'a ring of nothing',
      hash(HashKey.sourceIp(), HashAlgorithm.ringHash(0)),
      ['consistentHash.algorithm.ringHash.minimumRingSize [load-balancing/ring-size]'],
    ],
    [
      'a warmup of nothing',
      LoadBalancing.roundRobin({ warmup: { durationSeconds: 0, minimumPercent: 101, aggression: 0 } }),
      [
        'roundRobin.warmup.durationSeconds [duration/seconds]',
        'roundRobin.warmup.minimumPercent [load-balancing/warmup-minimum-percent]',
        'roundRobin.warmup.aggression [load-balancing/warmup-aggression]',
      ],
    ],
    ['nothing', LoadBalancing.leastRequest({ warmup: { durationSeconds: 30 } }), []],
  ])('refuses %s', (_what, balancing, expected) => {
    expect(problemsOf(balancing)).toStrictEqual(expected);
  });

  test('takes tables whose size is a prime number below the limit', () => {
    const size = (value: number) => problemsOf(hash(HashKey.sourceIp(), HashAlgorithm.maglev(value)));
    for (const prime of [1, 2, 3, 5, 65537, 4999999]) expect(size(prime)).toStrictEqual([]);
    for (const other of [0, -7, 4, 9, 2.5, 65536, 5000011]) {
      expect(size(other)).toStrictEqual([
        'consistentHash.algorithm.maglev.tableSize [load-balancing/maglev-table-size]',
      ]);
    }
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2000 }), fc.integer({ min: 2, max: 2000 }), (a, b) => {
        expect(size(a * b)).toHaveLength(1);
      }),
    );
  });
});

describe('checkLocalityBalancing', () => {
  test.each<[string, LocalityBalancing, readonly string[]]>([
    ['no regions', LocalityBalancing.failover([]), ['failover [locality/nothing-listed]']],
    ['no labels', LocalityBalancing.failoverPriority([]), ['failoverPriority [locality/nothing-listed]']],
    ['no shares', LocalityBalancing.distribute([]), ['distribute [locality/nothing-listed]']],
    [
      'a zone',
      LocalityBalancing.failover([{ from: zone, to: us }]),
      ['failover[0].from [locality/failover-region-alone]'],
    ],
    [
      'a region for itself',
      LocalityBalancing.failover([{ from: eu, to: eu }]),
      ['failover[0].to [locality/failover-same-region]'],
    ],
    [
      'a region twice',
      LocalityBalancing.failover([
        { from: eu, to: us },
        { from: eu, to: Locality.of('asia') },
      ]),
      ['failover[1].from [locality/failover-twice]'],
    ],
    [
      'labels that are none, and twice',
      LocalityBalancing.failoverPriority(['', 'a', 'a', 'rack=7']),
      [
        'failoverPriority[0] [locality/failover-priority-label]',
        'failoverPriority[2] [locality/failover-priority-label]',
      ],
    ],
    [
      'shares that make no 100',
      LocalityBalancing.distribute([
        {
          from: eu,
          to: [
            { locality: eu, percent: 80 },
            { locality: us, percent: 10 },
          ],
        },
      ]),
      ['distribute[0].to [locality/distribute-not-100]'],
    ],
    [
      'a share of 0',
      LocalityBalancing.distribute([{ to: [...all(eu), { locality: us, percent: 0 }] }]),
      ['distribute[0].to [locality/distribute-not-100]'],
    ],
    [
      'callers of a zone and of its region',
      LocalityBalancing.distribute([
        { from: zone, to: all(eu) },
        { from: eu, to: all(eu) },
      ]),
      ['distribute[1].from [locality/distribute-overlap]'],
    ],
    [
      'callers of any place before those of a place',
      LocalityBalancing.distribute([{ to: all(eu) }, { from: eu, to: all(eu) }]),
      ['distribute[1].from [locality/distribute-overlap]'],
    ],
    [
      'a zone and its region',
      LocalityBalancing.distribute([
        {
          to: [
            { locality: zone, percent: 50 },
            { locality: eu, percent: 50 },
          ],
        },
      ]),
      ['distribute[0].to [locality/distribute-overlap]'],
    ],
    [
      'a place twice',
      LocalityBalancing.distribute([
        {
          to: [
            { locality: eu, percent: 50 },
            { locality: eu, percent: 50 },
          ],
        },
      ]),
      ['distribute[0].to[1].locality [locality/distribute-twice]'],
    ],
  ])('refuses %s', (_what, balancing, expected) => {
    expect(problemsOf(balancing)).toStrictEqual(expected);
  });

  test('takes callers of any place last', () => {
    expect(problemsOf(LocalityBalancing.distribute([{ from: eu, to: all(eu) }, { to: all(us) }]))).toStrictEqual([]);
  });
});
