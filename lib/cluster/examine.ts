import { type Ask, askOnce } from './ask';
import type { Finding } from './finding';
import { type Json, list, record, text } from './json';
import { objectDifferences } from './object-differences';
import { type Dial, examineWay, type Lookup } from './way-to-istiod';

/** What `examine` reaches the world by. */
export interface Senses {
  readonly ask: Ask;
  readonly lookup: Lookup;
  readonly dial: Dial;
}

/**
 * Compares objects that were synthesized with a cluster, and tries the way to istiod that their machines would take. It only asks.
 *
 * @param objects What was synthesized.
 * @param group `namespace/name` of a WorkloadGroup: nothing but it is looked at. Undefined means all objects.
 */
export async function examine(
  objects: readonly unknown[],
  senses: Senses,
  group?: string,
): Promise<readonly Finding[]> {
  const all = objects.map(record);
  const ours = group === undefined ? all : all.filter((object) => isOf(group, object));
  const ask = askOnce(senses.ask);
  const groups = ours.filter(({ kind }) => kind === 'WorkloadGroup');
  const findings = [
    ...(await inTurns(ours, (object) => compare(object, ask))),
    ...(await inTurns(groups, (each) => examineGroup(each, ask))),
    await examineWay(ours, all, { ...senses, ask }),
  ];
  return findings.flat();
}

/** Some at a time: each question is a process of its own, and one after the other takes minutes for a fleet. */
async function inTurns<T>(items: readonly Json[], look: (item: Json) => Promise<T>): Promise<readonly T[]> {
  const seen: T[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    seen.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(look))));
  }
  return seen;
}

const AT_ONCE = 8;

/** What findings call an object. */
function nameOf({ kind, metadata }: Json): string {
  const { namespace, name } = record(metadata);
  return `${text(kind)} ${namespace === undefined ? '' : `${text(namespace)}/`}${text(name)}`;
}

/** Objects of a group carry its name, with a suffix that says which they are. */
function isOf(group: string, { metadata }: Json): boolean {
  const [namespace, name] = group.split('/');
  const own = record(metadata);
  if (own.namespace === undefined)
    return text(own.name).startsWith(`meshvm.${namespace}.${name}.`) || own.name === namespace;
  return own.namespace === namespace && [name, `${name}-bootstrap`, `${name}-agent`].includes(text(own.name));
}

async function compare(object: Json, ask: Ask): Promise<readonly Finding[]> {
  const subject = nameOf(object);
  // Its content is nobody's business here.
  if (object.kind === 'Secret') return [{ level: 'note', subject, text: 'Secrets are not read' }];
  const path = await pathOf(object, ask);
  if (path === undefined) {
    const api = text(object.apiVersion);
    return [
      { level: 'wrong', subject, text: `the cluster serves no ${api} ${text(object.kind)}: its CRDs are missing` },
    ];
  }
  const answer = await ask(path);
  if ('forbidden' in answer) return [{ level: 'note', subject, text: `not seen: ${answer.forbidden}` }];
  if ('missing' in answer) {
    const isGuard = /^ValidatingAdmissionPolicy/.test(text(object.kind));
    return [
      {
        level: 'wrong',
        subject,
        text: isGuard
          ? 'is not there, and it guards what machines may do: apply it before anything else'
          : 'is not there: apply it',
      },
    ];
  }
  const { status: _status, ...written } = object;
  const differences = objectDifferences(written, answer.body);
  return differences.map((difference) => ({ level: 'wrong', subject, text: `${difference}: apply it again` }));
}

/** The path of an object; undefined when the cluster does not serve its kind. */
async function pathOf({ apiVersion, kind, metadata }: Json, ask: Ask): Promise<string | undefined> {
  const group = `/${text(apiVersion).includes('/') ? 'apis' : 'api'}/${text(apiVersion)}`;
  const { namespace, name } = record(metadata);
  const answer = await ask(group);
  const resources = 'body' in answer ? list(record(answer.body).resources) : [];
  const resource = resources.find((each) => each.kind === kind && !text(each.name).includes('/'));
  if (resource === undefined) return undefined;
  const place = resource.namespaced === true ? `/namespaces/${encodeURIComponent(text(namespace) || 'default')}` : '';
  return `${group}${place}/${text(resource.name)}/${encodeURIComponent(text(name))}`;
}

/** Who selects the machines of a group, and how they are. */
async function examineGroup(group: Json, ask: Ask): Promise<readonly Finding[]> {
  const subject = nameOf(group);
  const { namespace, name } = record(group.metadata);
  const labels = record(record(record(group.spec).metadata).labels);
  const read = async (path: string) => {
    const answer = await ask(path);
    return 'body' in answer ? list(record(answer.body).items) : undefined;
  };
  const [services, entries, workloads] = await Promise.all([
    read(`/api/v1/namespaces/${text(namespace)}/services`),
    read(`/apis/networking.istio.io/v1/namespaces/${text(namespace)}/serviceentries`),
    read(`/apis/networking.istio.io/v1/namespaces/${text(namespace)}/workloadentries`),
  ]);
  const selectors = [
    ...(services ?? []).map(({ spec }) => record(record(spec).selector)),
    ...(entries ?? []).map(({ spec }) => record(record(record(spec).workloadSelector).labels)),
  ];
  const findings: Finding[] = [];
  const isServed = Object.keys(record(record(record(group.spec).template).ports)).length > 0;
  if (
    isServed &&
    services !== undefined &&
    entries !== undefined &&
    !selectors.some((selector) => selects(selector, labels))
  ) {
    findings.push({
      level: 'wrong',
      subject,
      text: `no Service and no ServiceEntry of ${text(namespace)} selects its machines, so nobody calls them: apply the group's Service, or make its selector fit the labels ${JSON.stringify(labels)}`,
    });
  }
  const own = (workloads ?? []).filter((each) => groupOf(each) === name);
  if (workloads !== undefined) findings.push({ level: 'note', subject, text: machines(own) });
  for (const each of own.filter((entry) => healthOf(entry) === 'False')) {
    const { metadata, spec } = each;
    findings.push({
      level: 'wrong',
      subject: `WorkloadEntry ${text(namespace)}/${text(record(metadata).name)}`,
      text: `the machine ${text(record(spec).address)} is unhealthy: run "sudo meshvm doctor" on it`,
    });
  }
  return findings;
}

function selects(selector: Json, labels: Json): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Upstream: istio pkg/autoregistration, the annotation of entries that istiod has made. */
function groupOf({ metadata }: Json): unknown {
  return record(record(metadata).annotations)['istio.io/autoRegistrationGroup'];
}

function healthOf({ status }: Json): unknown {
  return list(record(status).conditions).find(({ type }) => type === 'Healthy')?.status;
}

function machines(entries: readonly Json[]): string {
  if (entries.length === 0) return 'no machine has registered yet';
  const healthy = entries.filter((each) => healthOf(each) === 'True').length;
  return `${entries.length} registered, ${healthy} of them healthy`;
}
