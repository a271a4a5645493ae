import { readFileSync } from 'node:fs';
import { type ControlPlane, type KubernetesObject, publishPod, type StoredObject } from '../harness';
import { type Container, containerArgs, containerEnvironment } from '../harness/container';
import { METADATA_ADDRESS } from './cloud';
import { Computer } from './computer';
import { ECHO } from './joining-machine';

export interface MeshPod {
  readonly pod: StoredObject;
  readonly computer: Computer;
}

interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
}

/**
 * Runs a Pod that istiod's webhook has injected: its capture, its sidecar, and an application on `port`, by default one that answers with
 * the headers of the request. It is ready, and an endpoint of the Services that select it, when this returns.
 */
export async function startPod(
  controlPlane: ControlPlane,
  manifest: KubernetesObject,
  port: number,
  application = ECHO,
): Promise<MeshPod> {
  const { client, tools } = controlPlane;
  const pod = await client.create(manifest);
  const { name, namespace = 'default' } = pod.metadata;
  const spec = pod.spec as PodSpec & { readonly serviceAccountName: string };
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const find = (wanted: string): Container => {
    const found = all.find((container) => container.name === wanted);
    if (found === undefined) throw new Error(`Pod ${namespace}/${name} was not injected: it has no ${wanted}.`);
    return found;
  };
  const init = find('istio-init');
  const proxy = find('istio-proxy');
  const computer = await Computer.create(controlPlane, {
    name,
    hosts: controlPlane.istiodHosts(),
    script: 'while [ ! -e /run/start ]; do sleep 0.1; done; . /run/start',
    nameserver: METADATA_ADDRESS,
  });
  computer.write('/usr/local/bin/application', application);
  computer.write('/var/lib/istio/envoy/envoy_bootstrap_tmpl.json', readFileSync(tools.envoyBootstrapTemplate, 'utf8'));
  await computer.boot();
  const facts = {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.podIP': computer.address,
    'status.hostIP': computer.address,
  };
  const initEnvironment = containerEnvironment(init, facts);
  const environment = containerEnvironment(proxy, facts);
  const exports = Object.entries(environment).map(([key, value]) => `export ${key}=${quoted(value)}\n`);
  const token = await client.token(namespace, spec.serviceAccountName, ['istio-ca']);
  const start = `
mkdir -p /var/run/secrets/tokens /var/run/secrets/istio /etc/istio/proxy /etc/istio/pod
printf %s ${quoted(token)} >/var/run/secrets/tokens/istio-token
printf %s ${quoted(await controlPlane.rootCertificate(namespace))} >/var/run/secrets/istio/root-cert.pem
printf %s ${quoted(downwardApiFile(pod.metadata.labels))} >/etc/istio/pod/labels
printf %s ${quoted(downwardApiFile(pod.metadata.annotations))} >/etc/istio/pod/annotations
chown -R 1337:1337 /var/run/secrets /etc/istio /var/lib/istio
(cd /tmp; exec ${quoted(process.execPath)} /usr/local/bin/application ${port}) &
pilot-agent ${containerArgs(init, initEnvironment).map(quoted).join(' ')} || exit
${exports.join('')}
exec setpriv --reuid 1337 --regid 1337 --clear-groups pilot-agent ${containerArgs(proxy, environment).map(quoted).join(' ')}
`;
  await computer.run(`cat >/run/start.new <<'END_OF_START'\n${start}\nEND_OF_START\nmv /run/start.new /run/start`);
  await computer.process.waitUntil('its sidecar is ready', async () => {
    return (await computer.run('curl -sf -m 2 http://127.0.0.1:15021/healthz/ready', true)).exitCode === 0;
  });
  await publishPod(client, pod, computer.address);
  return { pod, computer };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The format of a downward API volume: one `key="value"` a line. */
function downwardApiFile(values: Readonly<Record<string, string>> = {}): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('');
}
