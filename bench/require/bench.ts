import { measure, median, table } from '../measure';

/** What importing meshvm costs a program that imports cdk8s anyway. */
export function requireBench(folder: string, rounds: number): string {
  const node = (title: string, script: string) => ({
    title,
    // -C is no option of node: the script finds packages from the folder it is told.
    argv: [process.execPath, '-e', `process.chdir(${JSON.stringify(folder)});${script}`],
  });
  const measurements = measure(
    [
      node('node', ''),
      node("require('cdk8s')", `require('cdk8s')`),
      node("+ require('meshvm')", `require('cdk8s');require('meshvm')`),
    ],
    rounds,
  );
  const [, cdk8s, meshvm] = measurements;
  const extra = median(meshvm.samples.map(({ seconds }, index) => seconds - cdk8s.samples[index].seconds));
  return `${table(measurements, cdk8s)}\nmeshvm adds ${(1000 * extra).toFixed(0)} ms`;
}
