import { programsOf, runProgram, typeErrorsOf, withPrograms } from './programs';

/** What each program on the page makes, in order. */
const MADE: readonly (readonly string[])[] = [
  [
    'ServiceAccount branches/till',
    'ServiceAccount payments/payment-service',
    'AuthorizationPolicy payments/payment-service-from-branches-till',
  ],
  ['ServiceAccount branches/till', 'Certificate branches/till', 'Role branches/till-certificate'],
  ['ServiceAccount billing/billing', 'ServiceEntry billing/billing', 'DestinationRule billing/billing'],
  [
    'ServiceAccount payments/payment-service',
    'AuthorizationPolicy payments/payment-service-from-proxies-proxies',
    'ServiceAccount proxies/proxies',
  ],
];

/** Programs for Pulumi are run by test/pulumi/docs-standalone.test.ts. */
const programs = programsOf('docs/standalone.md').filter((program) => !program.includes("'meshvm/pulumi"));

test('the programs in docs/standalone.md compile, run, and make what the page says', () => {
  withPrograms(programs, (folders) => {
    expect(typeErrorsOf(folders)).toStrictEqual([]);
    const runs = folders.map(runProgram);
    expect(runs.map(({ status, stderr }) => [status, stderr.includes('Error')])).toStrictEqual(
      MADE.map(() => [0, false]),
    );
    const ours = /^(ServiceAccount|AuthorizationPolicy|ServiceEntry|DestinationRule|Certificate|Role) /;
    expect(runs.map(({ objects }) => objects.filter((object) => ours.test(object)))).toStrictEqual(MADE);
  });
}, 120_000);
