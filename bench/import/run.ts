/** Measures what importing the built package costs a Pulumi program: `npm run bench:import [-- --rounds 5]`. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ImportBench } from './bench';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const bench = new ImportBench({ rounds: Number(values.rounds) });
print(`${cpus().length} x ${cpus()[0].model}, node ${process.version}; candidates in turn`);
print('\nrequire (target: less than 50 ms more)');
print(bench.require());
print('\ntype check, skipLibCheck (target: less than 2 s more)');
print(bench.typeCheck(true));
print("\ntype check as in Pulumi's templates, declarations of libraries too");
print(bench.typeCheck(false));

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
