import type { Ask } from './ask';
import type { Finding } from './finding';
import { type Json, list, record, text } from './json';

/** Addresses of a name. @throws Error where it has none. */
export type Lookup = (name: string) => Promise<readonly string[]>;

/** Names in the certificate that answers at an address to a server name. @throws Error where nobody answers. */
export type Dial = (address: string, port: number, serverName: string) => Promise<readonly string[]>;

/** The way that the machines of these groups take to istiod, once for each that differs: gateway, its address, the name, the certificate. */
export async function examineWay(
  objects: readonly Json[],
  senses: { readonly ask: Ask; readonly lookup: Lookup; readonly dial: Dial },
): Promise<readonly Finding[]> {
  const ways = new Map<string, Way>();
  for (const object of objects) {
    const way = wayOf(object);
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
  readonly gateway?: { readonly namespace: string; readonly service: string };
}

function wayOf({ kind, data }: Json): Way | undefined {
  const source = text(record(data)['settings.json']);
  if (kind !== 'ConfigMap' || source === '') return undefined;
  const { istiod, gateway } = record(parsed(source));
  const { host, port, access } = record(istiod);
  if (text(host) === '' || typeof port !== 'number') return undefined;
  const { namespace, service } = record(gateway);
  return {
    host: text(host),
    port,
    byDnsName: access === 'dnsName',
    ...(text(service) !== '' && { gateway: { namespace: text(namespace), service: text(service) } }),
  };
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

async function tryWay(
  way: Way,
  { ask, lookup, dial }: { readonly ask: Ask; readonly lookup: Lookup; readonly dial: Dial },
): Promise<readonly Finding[]> {
  const { host, port, byDnsName, gateway } = way;
  const findings: Finding[] = [];
  let addresses: readonly string[] = [];
  if (gateway !== undefined) {
    const subject = `Service ${gateway.namespace}/${gateway.service}`;
    const answer = await ask(`/api/v1/namespaces/${gateway.namespace}/services/${gateway.service}`);
    if ('missing' in answer) {
      return [{ level: 'wrong', subject, text: 'the gateway that machines dial is not there: apply it first' }];
    }
    if ('forbidden' in answer) findings.push({ level: 'note', subject, text: `not seen: ${answer.forbidden}` });
    else {
      const ingress = list(record(record(record(answer.body).status).loadBalancer).ingress);
      addresses = ingress.map((each) => text(each.ip) || text(each.hostname)).filter(Boolean);
      if (addresses.length === 0) {
        return [
          {
            level: 'wrong',
            subject,
            text: `the gateway has no address, so no machine reaches istiod: look at its events (kubectl -n ${gateway.namespace} describe service ${gateway.service})`,
          },
        ];
      }
    }
  }
  if (byDnsName) {
    const subject = `name ${host}`;
    const [named, dialled] = await Promise.all([
      lookup(host).catch((error: Error) => error),
      Promise.all(addresses.map((each) => lookup(each).catch(() => []))).then((all) => all.flat()),
    ]);
    if (named instanceof Error) {
      return [
        ...findings,
        {
          level: 'wrong',
          subject,
          text: `does not resolve here (${named.message}): make a DNS record that leads to ${addresses.join(', ') || 'the gateway'}`,
        },
      ];
    }
    if (dialled.length > 0 && !named.some((each) => dialled.includes(each))) {
      findings.push({
        level: 'wrong',
        subject,
        text: `resolves here to ${named.join(', ')}, and the gateway is at ${addresses.join(', ')}: correct the DNS record`,
      });
    }
    addresses = named;
  }
  for (const address of addresses) findings.push(...(await greet(address, port, host, dial)));
  return findings;
}

async function greet(address: string, port: number, host: string, dial: Dial): Promise<readonly Finding[]> {
  const subject = `istiod at ${address}:${port}`;
  try {
    const names = await dial(address, port, host);
    if (names.includes(host)) return [{ level: 'note', subject, text: `answers as ${host}` }];
    return [
      {
        level: 'wrong',
        subject,
        text: `its certificate carries ${names.join(', ') || 'no name'}, and machines dial ${host}: give istiod that name (ISTIOD_CUSTOM_HOST)`,
      },
    ];
  } catch (error) {
    // Machines stand elsewhere than whoever runs this: it may well be right.
    const { message } = error as Error;
    return [
      {
        level: 'note',
        subject,
        text: `is not reached from here (${message}); from a machine, "sudo meshvm doctor" tells more`,
      },
    ];
  }
}
