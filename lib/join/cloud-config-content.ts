import { type Problems, rule } from '../core/problems';
import type { CloudConfig } from './cloud-config';

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

/** A cloud-config as plain data, and the property that says so. */
export interface CloudConfigContent {
  readonly property: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * A cloud-config as plain data; of what is none, nothing.
 *
 * @param property Where the cloud-config stands.
 */
export function cloudConfigContent(property: string, config: CloudConfig): CloudConfigContent {
  return { property: propertyOf(property, config), content: parsed(config) ?? {} };
}

/** Adds a problem for what is no cloud-config, or one whose lists can't be joined with ours. Returns what it holds. */
export function checkCloudConfig(problems: Problems, property: string, config: CloudConfig): CloudConfigContent {
  const { yaml } = config;
  const where = propertyOf(property, config);
  const given = parsed(config);
  problems.check(CLOUD_CONFIG, where, yaml, () => given !== undefined, { shown: yaml?.split('\n', 1)[0] });
  const content = given ?? {};
  const at = problems.at(where);
  for (const key of LISTS) at.check(LIST, key, content[key], Array.isArray);
  for (const key of ['merge_how', 'merge_type']) at.check(MERGE_HOW, key, content[key], () => false);
  return { property: where, content };
}

function propertyOf(property: string, { yaml }: CloudConfig): string {
  return `${property}.${yaml === undefined ? 'object' : 'yaml'}`;
}

function parsed({ object, yaml = '' }: CloudConfig): Readonly<Record<string, unknown>> | undefined {
  const content = object ?? parseText(yaml);
  const isMap = typeof content === 'object' && content !== null && !Array.isArray(content);
  return isMap ? (content as Readonly<Record<string, unknown>>) : undefined;
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
