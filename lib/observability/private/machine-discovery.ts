import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkIpAddress } from '../../core/values/addresses';
import { checkRequired } from '../../core/values/names';

const NOTHING = rule({
  id: 'discovery/nothing',
  origin: 'meshvm',
  allowed: 'at least one',
  remedy:
    'say what the machines of the group have in common; without it other machines would pass for theirs, or none is found',
  source: 'meshvm: all targets of a scrape configuration get the labels of its group',
});
const FILE = rule({
  id: 'discovery/file',
  origin: 'kubernetes',
  allowed: 'a path that ends in .json, .yml or .yaml, with a "*" at most in its last part',
  remedy: 'rename the file',
  source: 'Prometheus discovery/file patFileSDName; CRD of ScrapeConfig',
});
const URL_RULE = rule({
  id: 'discovery/url',
  origin: 'kubernetes',
  allowed: 'an absolute URL of http or https',
  remedy: 'give the full URL of the inventory',
  source: 'Prometheus discovery/http SDConfig.UnmarshalYAML; CRD of ScrapeConfig',
});

/** Everything about a way to find machines that Prometheus would refuse, or that finds nothing. */
export function checkDiscovery(problems: Problems, given: Readonly<Record<string, unknown>>): void {
  const { targets, files, url, tags, ...required } = given;
  for (const [property, value] of Object.entries(required)) checkRequired(problems, property, value);
  if (isList(targets)) {
    if (targets.length === 0) problems.add(NOTHING, 'addresses', targets);
    for (const [index, address] of targets.entries()) checkIpAddress(problems, `addresses[${index}]`, address);
  }
  if (isList(files)) {
    if (files.length === 0) problems.add(NOTHING, 'files', files);
    for (const [index, file] of files.entries()) {
      if (!isDeferred(file) && !FILE_NAME.test(String(file))) problems.add(FILE, `files[${index}]`, file);
    }
  }
  if ('url' in given && !isDeferred(url) && !isHttpUrl(url)) problems.add(URL_RULE, 'url', url);
  if (typeof tags === 'object' && tags !== null) {
    if (Object.keys(tags).length === 0) problems.add(NOTHING, 'tags', tags);
    for (const [key, value] of Object.entries(tags)) checkRequired(problems, `tags.${key}`, value);
  }
}

const FILE_NAME = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

function isHttpUrl(value: unknown): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(String(value)).protocol);
  } catch {
    return false;
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
