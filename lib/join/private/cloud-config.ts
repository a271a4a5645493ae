import { Problems, rule } from '../../core/problems';

const CLOUD_CONFIG = rule({
  id: 'user-data/cloud-config',
  origin: 'meshvm',
  allowed: 'a map; text starts with the line #cloud-config',
  remedy: 'give the cloud-config itself, without templates, includes or MIME parts',
  source: 'cloud-init: merging of several parts lets the lists of one replace those of the other',
});
const LIST = rule({
  id: 'user-data/cloud-config-list',
  origin: 'meshvm',
  allowed: 'a list',
  remedy: 'write it as a list; cloud-init takes nothing else',
  source: 'cloud-init schema: packages, write_files, runcmd and bootcmd are lists',
});
const MERGE_HOW = rule({
  id: 'user-data/cloud-config-merge',
  origin: 'meshvm',
  allowed: 'no merge_how or merge_type',
  remedy: 'remove it: the lists are joined here, and cloud-init sees one part',
  source: 'cloud-init: merging of user-data',
});

/** Lists that are joined with ours. */
const LISTS = ['packages', 'write_files', 'runcmd', 'bootcmd'];

/** @throws ValidationError unless `config` is a cloud-config whose lists can be joined with ours. */
export function parseCloudConfig(
  path: string,
  config: string | Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const problems = new Problems();
  const content = typeof config === 'string' ? parseText(config) : config;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.add(CLOUD_CONFIG, typeof config === 'string' ? 'text' : 'config', firstLine(config));
    problems.throwIfAny(path);
    return {};
  }
  const map = content as Readonly<Record<string, unknown>>;
  for (const key of LISTS) {
    if (map[key] !== undefined && !Array.isArray(map[key])) problems.add(LIST, key, map[key]);
  }
  for (const key of ['merge_how', 'merge_type']) {
    if (map[key] !== undefined) problems.add(MERGE_HOW, key, map[key]);
  }
  problems.throwIfAny(path);
  return map;
}

/** Undefined for what is no plain cloud-config. cloud-init reads YAML 1.1, as Python does: yes is true there. */
function parseText(text: string): unknown {
  if (!/^#cloud-config[ \t]*(\r?\n|$)/.test(text)) return undefined;
  const { parse } = require('yaml') as typeof import('yaml');
  try {
    return parse(text, { version: '1.1', logLevel: 'error' }) ?? {};
  } catch {
    return undefined;
  }
}

function firstLine(config: unknown): unknown {
  return typeof config === 'string' ? config.split('\n', 1)[0] : config;
}
