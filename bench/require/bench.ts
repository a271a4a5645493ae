import { join } from 'node:path';
import { measure, median, table } from '../measure';

/**
 * What importing meshvm costs a program that imports cdk8s anyway.
 *
 * @param programs Folder of the compiled programs.
 */
export function requireBench(programs: string, rounds: number): string {
  const node = (title: string, program: string) => ({ title, argv: [process.execPath, join(programs, program)] });
  const measurements = measure(
    [
      node('node alone', 'nothing.js'),
      node("require('cdk8s')", 'cdk8s.js'),
      node("and require('meshvm')", 'meshvm.js'),
    ],
    rounds,
  );
  const [, cdk8s, meshvm] = measurements;
  const extra = median(meshvm.samples.map(({ seconds }, index) => seconds - cdk8s.samples[index].seconds));
  return `${table(measurements, cdk8s)}\nmeshvm adds ${(1000 * extra).toFixed(0)} ms (median of pairs)`;
}
