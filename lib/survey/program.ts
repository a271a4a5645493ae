import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The program that surveys a machine, as it is copied there: Python, one file. */
export function surveyProgram(): string {
  return readFileSync(join(__dirname, 'machine', 'survey.py'), 'utf8');
}
