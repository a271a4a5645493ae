import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const TEST = join(__dirname, '..');

/** Folders whose tests are slow for a reason of their own, and the suite that has them. Whatever is in no folder of these is `library`. */
const SUITES = {
  pulumi: ['pulumi'],
  programs: ['cli', 'docs', 'examples', 'package', 'projenrc', 'survey'],
  printers: ['synth'],
} as const;

/** A name of a suite. */
export type Suite = keyof typeof SUITES | 'library';

/**
 * Declares the tests of many files in one, so that they share jest's module registry: loading the library and its peers for each file anew
 * took three quarters of the time. A file that changes a module for others has to put it back, or to use `jest.isolateModules`.
 */
export function describeSuite(suite: Suite): void {
  for (const file of testFiles().filter((each) => suiteOf(each) === suite)) {
    describe(file, () => {
      require(join(TEST, file));
    });
  }
}

/** Every file of unit tests, below test/. Those of mesh/ and machine/ need more than Node.js. */
export function testFiles(): readonly string[] {
  return readdirSync(TEST, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !/^(mesh|machine)\//.test(file))
    .sort();
}

/** The suite that a file belongs to. */
export function suiteOf(file: string): Suite {
  const [folder] = file.split('/');
  const named = Object.entries(SUITES).find(([, folders]) => (folders as readonly string[]).includes(folder));
  return (named?.[0] ?? 'library') as Suite;
}
