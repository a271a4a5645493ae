import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Catalog, makeOnce, placeOf } from './cache';
import { TOOLS } from './catalog';
import { toolFolder } from './tools';

const before = process.env.MESHVM_TOOLS_CACHE;
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'meshvm-tools-'));
  process.env.MESHVM_TOOLS_CACHE = cache;
});

afterEach(() => {
  if (before === undefined) delete process.env.MESHVM_TOOLS_CACHE;
  else process.env.MESHVM_TOOLS_CACHE = before;
  rmSync(cache, { recursive: true });
});

/** A saw, and a table that is made with it, of these ingredients. */
function catalog(saw: string, table: string, made: string[] = []): Catalog {
  return {
    saw: {
      ingredients: async () => [saw],
      make: async (folder) => {
        made.push('saw');
        writeFileSync(join(folder, 'saw'), saw);
      },
    },
    table: {
      madeWith: ['saw'],
      ingredients: async () => [table],
      make: async (folder, others) => {
        made.push('table');
        writeFileSync(join(folder, 'table'), `${table} by ${readFileSync(join(others.saw, 'saw'), 'utf8')}`);
      },
    },
  };
}

test('a tool is made once, with those that it needs', async () => {
  const made: string[] = [];
  const tools = catalog('steel', 'oak', made);
  for (const name of ['saw', 'table', 'saw', 'table']) await makeOnce(tools, name);
  expect(made).toEqual(['saw', 'table']);
  expect(readFileSync(join(await placeOf(tools, 'table'), 'table'), 'utf8')).toBe('oak by steel');
});

test('two who make a tool at the same time make it once', async () => {
  const made: string[] = [];
  const tools = catalog('steel', 'oak', made);
  await Promise.all([makeOnce(tools, 'saw'), makeOnce(tools, 'saw')]);
  expect(made).toEqual(['saw']);
});

test('a change makes that tool again, and what is made with it, and no other', async () => {
  const places = async (tools: Catalog) => [await placeOf(tools, 'saw'), await placeOf(tools, 'table')];
  const [saw, table] = await places(catalog('steel', 'oak'));
  const [sameSaw, otherTable] = await places(catalog('steel', 'pine'));
  const [otherSaw, tableOfOtherSaw] = await places(catalog('bronze', 'oak'));
  expect(sameSaw).toBe(saw);
  expect(otherTable).not.toBe(table);
  expect(otherSaw).not.toBe(saw);
  expect(tableOfOtherSaw).not.toBe(table);
});

test('what fails leaves nothing that looks finished, nor anything unfinished', async () => {
  const fails: Catalog = {
    saw: {
      ingredients: async () => [],
      make: async (folder) => {
        writeFileSync(join(folder, 'half'), '');
        throw new Error('no steel');
      },
    },
  };
  await expect(makeOnce(fails, 'saw')).rejects.toThrow('no steel');
  expect(readdirSync(cache)).toEqual([]);
});

test('a test that misses a tool is told the command that makes it', async () => {
  await expect(toolFolder('etcd')).rejects.toThrow('run `npm run test:mesh:tools -- etcd`');
});

test('every tool is made with tools of the catalog, and has a key of its own', async () => {
  const places = await Promise.all(Object.keys(TOOLS).map((name) => placeOf(TOOLS, name)));
  expect(new Set(places).size).toBe(places.length);
  for (const place of places) {
    expect(dirname(place)).toBe(cache);
    expect(existsSync(place)).toBe(false);
    expect(basename(place)).toMatch(/^[a-z-]+-[0-9a-f]{16}$/);
  }
});
