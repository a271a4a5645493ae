import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinModules } from '../join/files/python-program';

/** The program that surveys a machine, as it is copied there: Python, one file. */
export function surveyProgram(): string {
  return joinModules(MODULES.map((name) => ({ name, text: readFileSync(join(FOLDER, `${name}.py`), 'utf8') })));
}

const FOLDER = join(__dirname, 'machine');

/** In the order in which they build on one another. */
const MODULES = [
  ...['texts', 'sidecar', 'sockets', 'processes', 'host', 'connections', 'greetings', 'obstacles', 'addresses'],
  ...['servers', 'report', 'main'],
];
