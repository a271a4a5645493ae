import fc from 'fast-check';
import type { MachineSurvey, SurveyedListener } from '../../lib/survey/machine-survey';
import { FINDINGS } from '../../lib/survey/private/effects';
import { anyCharacter } from '../any-character';
import { call, listener, survey } from './fixtures';

/** Texts that end what they stand in, and any other. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    '*/ new Evil(',
    '*/ new Evil() /*',
    "'); process.exit(7); ('",
    '`$' + '{process.exit(7)}`',
    '\n process.exit(7)',
    '\r process.exit(7)',
    '\u2028 process.exit(7)',
    '\u2029 process.exit(7)',
    '\\',
    "\\'",
    '// @ts-nocheck',
    '</script>',
    '__proto__',
    'constructor',
    '\u202e\u0000\ud800',
    'default',
    'kube-system',
    'istio-system',
    'new',
    '',
  ),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
);

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const port = fc.oneof(
  fc.constantFrom(21, 22, 53, 80, 443, 3306, 5432, 8080, 15_001),
  fc.integer({ min: 1, max: 65_535 }),
);
/** A few, so that machines of a fleet call one another. */
const address = fc.oneof(
  fc.constantFrom(
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.3',
    'fd00::1',
    '::1',
    '127.0.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '169.254.169.254',
  ),
  fc.ipV4(),
  fc.ipV6().filter((text) => !text.includes('%')),
);

const hostileListener: fc.Arbitrary<SurveyedListener> = fc
  .record({
    protocol: fc.constantFrom('tcp', 'udp'),
    address,
    loopbackOnly: fc.boolean(),
    unit: orNull(hostileText),
    user: orNull(hostileText),
    container: fc.boolean(),
    speaksFirst: orNull(fc.boolean()),
    speaks: orNull(fc.oneof(fc.constantFrom('mysql', 'smtp', 'ftp', 'ssh'), hostileText)),
    http: orNull(fc.boolean()),
    healthPage: orNull(fc.stringMatching(/^\/[!-~]{0,30}$/)),
  })
  .chain((more) => fc.tuple(port, orNull(hostileText)).map(([number, program]) => listener(number, program, more)));

/** An answer of the right shape that says whatever a machine could be made to say. */
export const hostileSurvey: fc.Arbitrary<MachineSurvey> = fc
  .record({
    source: hostileText,
    name: hostileText,
    own: address,
    vendor: orNull(hostileText),
    unseen: fc.array(hostileText, { maxLength: 2 }),
    listeners: fc.array(hostileListener, { maxLength: 6 }),
    callers: fc.array(fc.record({ port, address }), { maxLength: 4 }),
    calls: fc.array(
      fc
        .tuple(address, port, orNull(hostileText), fc.boolean())
        .map(([to, number, program, local]) => call(to, number, { program, local })),
      { maxLength: 6 },
    ),
    programs: fc.array(hostileText, { maxLength: 2 }),
    multicast: fc.array(hostileText, { maxLength: 2 }),
    configuration: fc.array(
      fc.record({
        server: hostileText,
        file: orNull(hostileText),
        line: orNull(fc.integer({ min: 1, max: 99 })),
        finding: fc.constantFrom(...Object.keys(FINDINGS)),
      }),
      { maxLength: 3 },
    ),
    sidecarPorts: fc.array(fc.record({ port, program: orNull(hostileText) }), { maxLength: 2 }),
  })
  .map(({ name, own, vendor, unseen, sidecarPorts, ...rest }) => {
    const plain = survey(name, own);
    return {
      ...plain,
      ...rest,
      surveyed: { ...plain.surveyed, unseen },
      machine: { ...plain.machine, vendor },
      sidecar: { ports: sidecarPorts, userId: null },
    };
  });

/** One machine or several. */
export const hostileFleet = fc.array(hostileSurvey, { minLength: 1, maxLength: 4 });
