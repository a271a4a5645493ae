import { blockYaml } from '../../core/block-yaml';
import { ADMIN_FOLDER } from './admin';
import { envoyFiles } from './files';
import { namesByAddress } from './hosts-block';
import type { EnvoySpec } from './spec';
import { startScript } from './start-script';

/** An Envoy beside a service of a Compose file. */
export interface ComposeContent {
  readonly spec: EnvoySpec;
  readonly image: string;
  readonly service: string;
  readonly user: string;
  /** Folder of the configuration, as seen from the Compose file. */
  readonly configuration: string;
  /** Folder of the certificate, as seen from the Compose file. */
  readonly certificates: string;
}

/** A Compose file that is given beside the user's own: what it says of the user's service is added to it. */
export function composeFile(content: ComposeContent): string {
  const { spec, service } = content;
  const services = {
    ...(spec.writesHosts ? { [service]: { extra_hosts: extraHosts(spec) } } : {}),
    'meshvm-envoy': envoyService(content),
  };
  const note = `# Envoy of ${spec.identity}. Made by meshvm. Use it beside your own file: docker compose -f compose.yaml -f <this file> up\n`;
  return note + blockYaml({ services });
}

function envoyService({ spec, image, service, user, configuration, certificates }: ComposeContent) {
  // The hosts file is the other service's matter.
  const files = Object.keys(envoyFiles(spec)).filter((name) => name !== 'hosts');
  return {
    image,
    network_mode: `service:${service}`,
    user,
    entrypoint: ['/bin/sh', '-c', literal(startScript(spec, '/usr/local/bin/envoy'))],
    volumes: [
      ...files.map((name) => mount(`${configuration}/${name}`, `${spec.directory}/${name}`)),
      // The folder itself, and not its files: new ones are moved into it.
      mount(certificates, spec.tls.directory),
    ],
    tmpfs: [adminFolder(user)],
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    restart: 'unless-stopped',
    healthcheck: {
      test: ['CMD', 'bash', '-c', literal(healthScript(spec.adminPort))],
      interval: '10s',
      timeout: '3s',
      retries: 3,
      start_period: '10s',
    },
  };
}

/** Whether Envoy says that it takes calls, asked without any program that its image may not have. */
function healthScript(adminPort: number): string {
  const request = 'GET /ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n';
  return `exec 3<>/dev/tcp/127.0.0.1/${adminPort} && printf '${request}' >&3 && grep -q LIVE <&3`;
}

/** A folder of the container alone, and in it of Envoy's user. */
function adminFolder(user: string): string {
  const [uid, gid] = user.split(':');
  return `${ADMIN_FOLDER}:mode=0700,uid=${uid},gid=${gid}`;
}

function mount(source: string, target: string) {
  return { type: 'bind', source, target, read_only: true, bind: { create_host_path: false } };
}

function extraHosts(spec: EnvoySpec): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...namesByAddress(spec)].flatMap(([address, names]) => names.map((name) => [name, address])),
  );
}

/** Compose puts the values of variables in wherever a $ stands alone. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}
