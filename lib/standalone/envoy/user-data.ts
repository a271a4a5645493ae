import { gzipSync } from 'node:zlib';
import { blockYaml } from '../../core/block-yaml';
import { userScript, type WrittenFile } from '../../join/files/user-data';
import { envoyFiles } from './files';
import { ENVOY_UNIT, ENVOY_USER, type UnitContent, unitFiles } from './unit';

/** What a machine with cloud-init gets at its first boot. */
export interface EnvoyUserData extends UnitContent {
  /** What fetches the certificate, by the names of its files; empty where somebody else does. */
  readonly certificateFiles: Readonly<Record<string, string>>;
  /** The user's cloud-config; empty without one. */
  readonly cloudConfig: Readonly<Record<string, unknown>>;
}

/** Files of the configuration, of the certificate's program and of the unit, in the order in which they are written. */
export function machineFiles(content: EnvoyUserData): readonly WrittenFile[] {
  const { directory } = content.spec;
  const files = Object.entries({ ...envoyFiles(content.spec), ...content.certificateFiles });
  const written = files.map(([name, text]) => {
    const file = { path: `${isUnit(name) ? UNITS : directory}/${name}`, permissions: '0644', owner: 'root:root' };
    if (text.length <= SMALL) return { ...file, content: text };
    return { ...file, content: gzipSync(text, { level: 9 }).toString('base64'), encoding: 'gz+b64' };
  });
  return [...written, ...unitFiles(content)];
}

const UNITS = '/etc/systemd/system';
/** Longer texts are compressed: there is little room. */
const SMALL = 2048;

function isUnit(name: string): boolean {
  return /\.(service|timer)$/.test(name);
}

/** Units to start: a timer rather than the service that it runs. */
function unitsToStart({ certificateFiles }: EnvoyUserData): readonly string[] {
  const units = Object.keys(certificateFiles).filter(isUnit);
  return [
    ...units.filter((name) => !units.includes(name.replace('.service', '.timer')) || name.endsWith('.timer')),
    ENVOY_UNIT,
  ];
}

/**
 * A cloud-config. The user and the folder of certificates are there before the user's own commands run, which may fetch the certificate; Envoy
 * is started after them, whatever became of them.
 *
 * @param files Those of `machineFiles`.
 */
export function envoyCloudConfig(content: EnvoyUserData, files: readonly WrittenFile[]): string {
  const { write_files, runcmd, ...others } = content.cloudConfig as {
    readonly write_files?: readonly unknown[];
    readonly runcmd?: readonly unknown[];
  };
  const script = userScript(runcmd ?? []);
  const folder = content.spec.tls.directory;
  const document = {
    ...others,
    write_files: [...files, ...(write_files ?? [])],
    runcmd: [
      ['systemd-sysusers', `/etc/sysusers.d/${ENVOY_USER}.conf`],
      ['install', '-d', '-m', '0700', '-o', ENVOY_USER, '-g', ENVOY_USER, folder],
      ...(script === '' ? [] : [['sh', '-c', script]]),
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', '--no-block', ...unitsToStart(content)],
    ],
  };
  return `#cloud-config\n# Runs the Envoy of ${content.spec.identity}. Made by meshvm.\n${blockYaml(document)}`;
}
