import { type Problems, rule } from '../../core/problems';
import { checkIpAddress } from '../../core/values/addresses';
import { checkRequired } from '../../core/values/names';
import type { AzureDiscovery, Ec2Discovery, GceDiscovery, MachineDiscovery } from '../machine-discovery';

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
export function checkDiscovery(problems: Problems, discovery: MachineDiscovery): void {
  const { addresses, ec2, gce, azure, files, http } = discovery;
  if (addresses?.length === 0) problems.add(NOTHING, 'addresses', addresses);
  for (const [index, address] of (addresses ?? []).entries()) checkIpAddress(problems, `addresses[${index}]`, address);
  if (ec2 !== undefined) checkCloud(problems.at('ec2'), ec2);
  if (gce !== undefined) checkCloud(problems.at('gce'), gce);
  if (azure !== undefined) checkCloud(problems.at('azure'), azure);
  if (files?.length === 0) problems.add(NOTHING, 'files', files);
  for (const [index, file] of (files ?? []).entries()) {
    problems.check(FILE, `files[${index}]`, file, (path) => FILE_NAME.test(path));
  }
  problems.check(URL_RULE, 'http', http, isHttpUrl);
}

function checkCloud(problems: Problems, machines: Ec2Discovery | GceDiscovery | AzureDiscovery): void {
  const { tags, ...texts } = { tags: undefined, ...machines };
  for (const [property, value] of Object.entries(texts)) checkRequired(problems, property, value);
  if (tags === undefined) return;
  if (Object.keys(tags).length === 0) problems.add(NOTHING, 'tags', tags);
  for (const [key, value] of Object.entries(tags)) checkRequired(problems, `tags["${key}"]`, value);
}

const FILE_NAME = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
