import { programsOf, runProgram, typeErrorsOf, withPrograms } from './programs';

const BOOTSTRAP = 'ConfigMap payments/payment-service-bootstrap';
/** Objects about names that each program on the page makes, in order. */
const MADE: readonly (readonly string[])[] = [
  [BOOTSTRAP],
  [BOOTSTRAP],
  [BOOTSTRAP],
  ['ServiceEntry books/ledger-name', BOOTSTRAP],
];

test('the programs in docs/dns.md compile, run, and make what the page says', () => {
  withPrograms(programsOf('docs/dns.md'), (folders) => {
    expect(typeErrorsOf(folders)).toStrictEqual([]);
    const runs = folders.map(runProgram);
    expect(runs.map(({ status, stderr }) => [status, stderr.includes('Error')])).toStrictEqual(
      MADE.map(() => [0, false]),
    );
    const about = /^(ConfigMap .*-bootstrap$|ServiceEntry )/;
    expect(runs.map(({ objects }) => objects.filter((object) => about.test(object)))).toStrictEqual(MADE);
  });
}, 120_000);
