import type { Ask } from './ask';
import type { Finding } from './finding';
import { addressesOf, isGatewayService } from './gateway-service';
import { type Json, parsed, record, text } from './json';

/** Addresses of a name. @throws Error where it has none. */
export type Lookup = (name: string) => Promise<readonly string[]>;

/** Names in the certificate that answers at an address to a server name. @throws Error where nobody answers. */
export type Dial = (address: string, port: number, serverName: string) => Promise<readonly string[]>;

/**
 * The way that the machines of these groups take to istiod, once for each that differs: gateway, its address, the name, the certificate.
 *
 * @param objects Those of the groups.
 * @param all All that was synthesized: a name of one's own is held against the gateway among them.
 */
export async function examineWay(
  objects: readonly Json[],
  all: readonly Json[],
  senses: { readonly ask: Ask; readonly lookup: Lookup; readonly dial: Dial },
): Promise<readonly Finding[]> {
  const ways = new Map<string, Way>();
  for (const object of objects) {
    const way = wayOf(object, all);
    if (way !== undefined) ways.set(JSON.stringify(way), way);
  }
  const findings: Finding[] = [];
  for (const way of ways.values()) findings.push(...(await tryWay(way, senses)));
  return findings;
}

/** What a bundle says of it. */
interface Way {
  readonly host: string;
  readonly port: number;
  readonly byDnsName: boolean;
  /** None is named where machines dial a name of one's own. */
  readonly gateway?: Gateway;
}

interface Gateway {
  readonly namespace: string;
  readonly service: string;
}

function wayOf({ kind, data }: Json, all: readonly Json[]): Way | undefined {
  const source = text(record(data)['settings.json']);
  if (kind !== 'ConfigMap' || source === '') return undefined;
  const { istiod, gateway } = record(parsed(source));
  const { host, port, access } = record(istiod);
  if (text(host) === '' || typeof port !== 'number') return undefined;
  const { namespace, service } = record(gateway);
  const named = { namespace: text(namespace), service: text(service) };
  const found = text(service) === '' ? all.filter(isGatewayService).map(referenceTo)[0] : named;
  return { host: text(host), port, byDnsName: access === 'dnsName', gateway: found };
}

function referenceTo({ metadata }: Json): Gateway {
  const { namespace, name } = record(metadata);
  return { namespace: text(namespace), service: text(name) };
}

async function tryWay(
  { host, port, byDnsName, gateway }: Way,
  { ask, lookup, dial }: { readonly ask: Ask; readonly lookup: Lookup; readonly dial: Dial },
): Promise<readonly Finding[]> {
  const atGateway = gateway === undefined ? NOWHERE : await lookAtGateway(gateway, ask);
  if (atGateway.findings.some(({ level }) => level === 'wrong')) return atGateway.findings;
  const dialled = byDnsName ? await lookAtName(host, atGateway.addresses, lookup) : { ...atGateway, findings: [] };
  const greetings = await Promise.all(dialled.addresses.map((address) => greet(address, port, host, dial)));
  return [...atGateway.findings, ...dialled.findings, ...greetings];
}

/** Where a step of the way leads, and what there is to say of it. */
interface Step {
  readonly addresses: readonly string[];
  readonly findings: readonly Finding[];
}

const NOWHERE: Step = { addresses: [], findings: [] };

async function lookAtGateway({ namespace, service }: Gateway, ask: Ask): Promise<Step> {
  const subject = `Service ${namespace}/${service}`;
  const only = (level: Finding['level'], text: string): Step => ({
    addresses: [],
    findings: [{ level, subject, text }],
  });
  const answer = await ask(`/api/v1/namespaces/${namespace}/services/${service}`);
  if ('missing' in answer) return only('wrong', 'the gateway that machines dial is not there: apply it first');
  if ('forbidden' in answer) return only('note', `not seen: ${answer.forbidden}`);
  const addresses = addressesOf(record(answer.body));
  if (addresses.length > 0) return { addresses, findings: [] };
  return only(
    'wrong',
    `the gateway has no address, so no machine reaches istiod: look at its events (kubectl -n ${namespace} describe service ${service})`,
  );
}

/** Whether a name of one's own leads to the gateway, as far as this computer resolves both. */
async function lookAtName(host: string, gateway: readonly string[], lookup: Lookup): Promise<Step> {
  const subject = `name ${host}`;
  try {
    const addresses = await lookup(host);
    const wanted = (await Promise.all(gateway.map((each) => lookup(each).catch(() => [])))).flat();
    if (wanted.length === 0 || addresses.some((each) => wanted.includes(each))) return { addresses, findings: [] };
    const text = `resolves here to ${addresses.join(', ')}, and the gateway is at ${gateway.join(', ')}: correct the DNS record`;
    return { addresses, findings: [{ level: 'wrong', subject, text }] };
  } catch (error) {
    const text = `does not resolve here (${(error as Error).message}): make a DNS record that leads to ${gateway.join(', ') || 'the gateway'}`;
    return { addresses: [], findings: [{ level: 'wrong', subject, text }] };
  }
}

async function greet(address: string, port: number, host: string, dial: Dial): Promise<Finding> {
  const subject = `istiod at ${address}:${port}`;
  try {
    const names = await dial(address, port, host);
    if (names.includes(host)) return { level: 'note', subject, text: `answers as ${host}` };
    return {
      level: 'wrong',
      subject,
      text: `its certificate carries ${names.join(', ') || 'no name'}, and machines dial ${host}: give istiod that name (ISTIOD_CUSTOM_HOST)`,
    };
  } catch (error) {
    // Machines stand elsewhere than whoever runs this: it may well be right.
    const { message } = error as Error;
    return {
      level: 'note',
      subject,
      text: `is not reached from here (${message}); from a machine, "sudo meshvm doctor" tells more`,
    };
  }
}
