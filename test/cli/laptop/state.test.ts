import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaptopPaths, laptopPaths } from '../../../lib/cli/laptop/paths';
import { isAlive, type ProcessId, processOf } from '../../../lib/cli/laptop/processes';
import { claim, readState, removeState, writeState } from '../../../lib/cli/laptop/state';

let folder: string;
let paths: LaptopPaths;
const self = processOf(process.pid) as ProcessId;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-state-'));
  paths = laptopPaths('laptop', { XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: 'relative' });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that is not absolute does not count', () => {
  expect(paths.state).toBe(join(folder, 'state/meshvm/laptop/laptop'));
  expect(paths.configuration).toMatch(/\/\.config\/meshvm\/laptop\/laptop$/);
});

test('what is written is read again, by its owner alone', () => {
  const state = { process: self, hosts: '/etc/hosts' };
  writeState(paths, state);
  expect(readState(paths)).toStrictEqual(state);
  expect(statSync(paths.stateFile).mode & 0o777).toBe(0o600);
  removeState(paths);
  expect(readState(paths)).toBeUndefined();
});

test('a machine is claimed once', () => {
  expect(claim(paths)).toBeUndefined();
  expect(claim(paths)).toStrictEqual(self);
});

test('who comes after a process that has ended takes its place, though the number be in use again', () => {
  writeState(paths, { process: { ...self, started: 'long ago' } });
  expect(isAlive({ ...self, started: 'long ago' })).toBe(false);
  expect(claim(paths)).toBeUndefined();
});

test.each(['', '{', '{"process":1}'])('the broken state %j is none', (text) => {
  claim(paths);
  writeFileSync(paths.stateFile, text);
  expect(readState(paths)).toBeUndefined();
  expect(claim(paths)).toBeUndefined();
});
