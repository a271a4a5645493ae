import fc from 'fast-check';
import {
  CanaryRelease,
  type CanaryReleaseProps,
  Migration,
  MigrationDirection,
  type MigrationProps,
  MigrationStep,
  RequestMatch,
  type Retries,
  RetryOn,
} from 'meshvm';
import { destinationRule } from '../../../lib/traffic/manifests/destination-rule';
import { virtualService } from '../../../lib/traffic/manifests/virtual-service';
import { releaseOf } from '../../../lib/traffic/private/canary-release';
import { migrationOf } from '../../../lib/traffic/private/migration';
import { type Release, resolveRelease } from '../../../lib/traffic/private/release';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import { fakeGroups, type GroupMaker, realGroups, seconds, traffic } from './traffic';
import * as value from './values';

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

const headerName = value.mostly(
  fc.constantFrom('x-canary', 'User-Agent', ':path', ':authority', 'a_b'),
  fc.constantFrom('', 'a b', ':x', 'ü', '@request.auth.claims.sub', 'a:'),
  12,
);
const text = value.mostly(fc.constantFrom('true', 'v 2', 'a.*b', 'ü'), fc.constantFrom('', ' a', 'a\n'), 12);
const cookieValue = value.mostly(
  fc.constantFrom('true', 'a.*(b', '\\', '[x]{2}|^$+?', 'x=y'),
  fc.constantFrom('', 'a b', 'x'.repeat(900), '.'.repeat(600), 'y'.repeat(1024)),
  8,
);
const match = fc.oneof(
  fc.tuple(headerName, text).map(([name, exact]) => RequestMatch.header(name, exact)),
  fc.tuple(headerName, text).map(([name, prefix]) => RequestMatch.headerPrefix(name, prefix)),
  headerName.map(RequestMatch.headerPresent),
  fc
    .tuple(value.mostly(fc.constantFrom('group', '$x'), fc.constantFrom('', 'a b'), 8), cookieValue)
    .map(([name, content]) => RequestMatch.cookie(name, content)),
);

const named = Object.values(RetryOn).filter((condition) => condition instanceof RetryOn);
const retryOn = value.mostly(
  fc.constantFrom(...named, RetryOn.status(503), RetryOn.status(429)),
  fc.oneof(
    fc.constantFrom(0, 42, 509, -1, 1.5, Number.NaN, 599).map(RetryOn.status),
    fc.constant({ condition: 'always' }),
  ),
  12,
);
const retries: fc.Arbitrary<Retries> = fc.record(
  {
    attempts: value.mostly(fc.constantFrom(1, 3), fc.constantFrom(0, -1, 1.5, 2 ** 31), 8),
    perTryTimeoutSeconds: seconds,
    backoffSeconds: seconds,
    retryOn: fc.array(retryOn, { maxLength: 3 }),
    retryRemoteLocalities: fc.boolean(),
  },
  { requiredKeys: ['attempts'] },
);
const common = {
  timeoutSeconds: value.maybe(value.mostly(fc.constant(7200), seconds, 3)),
  retries: value.maybe(retries),
  traffic: value.maybe(value.mostly(fc.constant({}), traffic, 3)),
};
const version = value.mostly(fc.constantFrom('v1', '1.2', 'V_3'), fc.constantFrom('1-2', 'x'.repeat(63)), 8);
const mirrorPercent = value.mostly(fc.constantFrom(100, 0.5, 12), fc.constantFrom(0, -1, 100.5, 101), 8);

const canaryProps = fc.record({
  ...common,
  percents: value.mostly(
    fc.constantFrom([100], [90, 10], [0, 100]),
    fc.constantFrom([50, 51], [-1, 101], [0.5, 99.5], []),
    12,
  ),
  versions: fc.tuple(version, version),
  routes: fc.array(fc.record({ match, version }), { maxLength: 2 }),
  mirror: value.maybe(fc.record({ version, percent: value.maybe(mirrorPercent) })),
});

function canaryOf(props: Raw<typeof canaryProps>, make: GroupMaker): CanaryReleaseProps {
  const { percents, versions, routes, mirror, ...rest } = props;
  const owner = make('owner', true);
  const group = (name: string) => make(name, false);
  return {
    ...rest,
    versions: [
      { group: owner, percent: 0 },
      ...percents.map((percent, index) => ({ group: group(versions[index] as string), percent })),
    ],
    routes: routes.map((route) => ({ match: route.match, group: group(route.version) })),
    mirror: mirror && { group: group(mirror.version), percent: mirror.percent },
  };
}

function objectsOf(release: Release): readonly unknown[] {
  const plan = resolveRelease(release, TRIAL_NAMESPACE, undefined);
  return [...plan.rules.map(destinationRule), ...plan.services.map(virtualService)];
}

/** CanaryRelease. */
export const canaryRelease: Subject<Raw<typeof canaryProps>> = {
  name: 'CanaryRelease',
  props: canaryProps,
  confirms: [
    'duration/seconds',
    'release/mirror-percent',
    'request-match/cookie-too-long',
    'request-match/header-name',
    'request-match/prefix-empty',
    'retries/attempts',
    'retries/condition',
    'retries/off-with-conditions',
    'retries/status',
    'subset/name-twice',
  ],
  construct(chart, props) {
    new CanaryRelease(chart, 'release', canaryOf(props, realGroups(chart)));
  },
  build: (props) => objectsOf(releaseOf(canaryOf(props, fakeGroups))),
};

const migrationProps = fc.record({
  ...common,
  pods: fc.oneof(
    fc.constantFrom<Record<string, string>>(
      { version: 'pods' },
      { platform: 'pods' },
      { version: 'v1', platform: 'pods' },
    ),
    value.mostly(
      fc.constant<Record<string, string>>({ version: 'pods' }),
      fc.constantFrom<Record<string, string>>(
        {},
        { version: 'v1' },
        { platform: 'a b' },
        { version: '-' },
        { other: 'x' },
      ),
      4,
    ),
  ),
  direction: fc.constantFrom(...Object.values(MigrationDirection)),
  step: fc.oneof(
    fc.constantFrom(MigrationStep.start(), MigrationStep.done()),
    value.mostly(fc.constantFrom(1, 10, 50), fc.constantFrom(-1, 101, 0.5), 8).map(MigrationStep.share),
    value.maybe(mirrorPercent).map((percent) => MigrationStep.mirror(percent)),
  ),
});

function migrationPropsOf(props: Raw<typeof migrationProps>, make: GroupMaker): MigrationProps {
  return { ...props, group: make('v1', true) };
}

/** Migration. */
export const migration: Subject<Raw<typeof migrationProps>> = {
  name: 'Migration',
  props: migrationProps,
  confirms: ['duration/seconds', 'label/machine', 'release/mirror-percent'],
  construct(chart, props) {
    new Migration(chart, 'migration', migrationPropsOf(props, realGroups(chart)));
  },
  build: (props) => objectsOf(migrationOf(migrationPropsOf(props, fakeGroups))),
};
