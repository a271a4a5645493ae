import { programsOf, runProgram, typeErrorsOf, withPrograms } from './programs';

/** Objects about traffic that each program on the page makes, in order. */
const MADE: readonly (readonly string[])[] = [
  ['DestinationRule payments/payment-service'],
  ['DestinationRule payments/payment-service'],
  ['ServiceEntry payments/bank', 'DestinationRule payments/api.bank.example'],
  ['DestinationRule payments/payment-service', 'VirtualService payments/payment-service'],
  ['DestinationRule payments/payment-service', 'VirtualService payments/payment-service'],
  ['Sidecar payments/payment-service'],
];

test('the programs in docs/traffic.md compile, run, and make what the page says', () => {
  withPrograms(programsOf('docs/traffic.md'), (folders) => {
    expect(typeErrorsOf(folders)).toStrictEqual([]);
    const runs = folders.map(runProgram);
    expect(runs.map(({ status, stderr }) => [status, stderr.includes('Error')])).toStrictEqual(
      MADE.map(() => [0, false]),
    );
    const traffic = /^(DestinationRule|VirtualService|ServiceEntry|Sidecar) /;
    expect(runs.map(({ objects }) => objects.filter((object) => traffic.test(object)))).toStrictEqual(MADE);
  });
}, 120_000);
