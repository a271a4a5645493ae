import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Problems, rule } from '../core/problems';
import { checkNoSecret } from '../core/values/secrets';
import type { Member } from '../machines/member';
import { agentSource } from './agent-source';
import { checkCloudConfig, cloudConfigContent } from './cloud-config-content';
import type { PinnedSidecar } from './files/pinned-sidecar';
import {
  AGENT_FILE,
  cloudConfigText,
  FIRST_STAGE_FILE,
  FIRST_STAGE_UNIT,
  JOIN_FILE,
  ownFiles,
  ownFilesWithAgent,
  shellScriptText,
  type UserDataContent,
  type UserDataExtras,
  type WrittenFile,
} from './files/user-data';
import { credentialOf } from './known-identity';
import type { MachineIdentity } from './machine-identity';
import { userDataPlace } from './private/user-data-place';
import type { UserDataFile, UserDataProps } from './user-data';
import type { UserDataTarget } from './user-data-target';

const IDENTITY_MISSING = rule({
  id: 'user-data/no-identity',
  origin: 'meshvm',
  allowed: 'a group with an identity',
  remedy: 'give the group the identity by which its machines join',
  source: 'meshvm: the cluster has no bundle for a group without one',
});
const API_SERVER = rule({
  id: 'user-data/api-server',
  origin: 'meshvm',
  allowed: 'an https URL with a host, a port unless it is 443, and no user, query or trailing "/"',
  remedy: "give the cluster's endpoint as machines reach it",
  source: 'meshvm: the machine appends the path of what it asks for',
});
const CA_CERTIFICATE = rule({
  id: 'user-data/ca-certificate',
  origin: 'meshvm',
  allowed: 'one or more certificates in PEM and nothing else',
  remedy: "give the cluster's certificate authority, decoded from base64",
  source: 'meshvm: the machine trusts no other authority for the API server',
});
const PACKAGE = rule({
  id: 'user-data/package',
  origin: 'meshvm',
  allowed: 'letters, digits and "+-.:_=~", first a letter or digit',
  remedy: 'name the package as the package manager does',
  source: 'Debian policy and RPM: names of packages',
});
const FILE = rule({
  id: 'user-data/file',
  origin: 'meshvm',
  allowed: 'an absolute path, text without NUL, permissions such as 0644 in a string, and an owner such as root:root',
  remedy: 'correct the property; cloud-init refuses numbers as permissions',
  source: 'cloud-init write_files',
});
const OWN_FILE = rule({
  id: 'user-data/file-of-meshvm',
  origin: 'meshvm',
  allowed: "files that are neither meshvm's nor the sidecar's",
  remedy: 'remove it; the group says what stands in those files',
  source: 'istio tools/packaging: what lies in /etc/istio or /var/lib/istio before the package breaks its installation',
});
const OWNER = rule({
  id: 'user-data/owner-not-there-yet',
  origin: 'ignored',
  allowed: 'an owner that the image has',
  remedy: 'let root own it, and change the owner once the sidecar is installed',
  source: 'cloud-init: an unknown owner stops the writing of all files that follow',
});
const CLOUD_CONFIG_FORMAT = rule({
  id: 'user-data/cloud-config-in-script',
  origin: 'meshvm',
  allowed: 'cloudConfig only with the format cloudConfig',
  remedy: 'say the same with packages, files and commands',
  source: 'meshvm: a shell does not read a cloud-config',
});
const TOO_LARGE = rule({
  id: 'user-data/too-large',
  origin: 'meshvm',
  allowed: 'as many bytes as the place takes where the cloud keeps it',
  remedy: 'put large files on the image, or fetch them on the machine',
  source: 'AWS 16 KB, Google Cloud 256 KB, Azure 64 KB',
});

/** Folders whose files belong to the agent, the sidecar or its package. */
const FOREIGN = [
  '/etc/meshvm/',
  '/etc/istio/',
  '/var/lib/istio/',
  '/var/lib/meshvm/',
  '/etc/certs/',
  '/var/run/secrets/',
  '/run/secrets/',
];
const FOREIGN_FILES = [JOIN_FILE, FIRST_STAGE_FILE, `/etc/systemd/system/${FIRST_STAGE_UNIT}`, AGENT_FILE];

const NO_EXTRAS: UserDataExtras = { files: [], units: [] };

/** How the machines of a group join, as far as their user-data says it. */
export interface Joining {
  readonly identity: MachineIdentity;
  readonly sidecar: PinnedSidecar;
}

/**
 * The user-data of a group's machines: always the same text for the same properties.
 *
 * @param extras What the machines of some place get of meshvm beyond that; not the user's, so nothing checks it.
 * @throws ValidationError with every problem of the properties.
 */
export function renderUserData(
  path: string,
  member: Member,
  joining: Joining | undefined,
  props: UserDataProps,
  extras: UserDataExtras = NO_EXTRAS,
): string {
  const problems = new Problems();
  checkUserData(problems, joining?.identity, props, extras);
  problems.throwIfAny(path);
  const content = contentOf(member, joining as Joining, props, extras);
  const script = props.format?.shellScript !== undefined;
  const text = script ? shellScriptText(content) : cloudConfigText(content);
  const target = props.target ?? defaultTarget((joining as Joining).identity);
  return packUserData(path, text, target, () => sizes(content, text.length), script);
}

/**
 * User-data as its place takes it.
 *
 * @param sizes What is in it and how large, for the message.
 * @throws ValidationError when it is more than the place takes.
 */
export function packUserData(
  path: string,
  text: string,
  target: UserDataTarget,
  sizes: () => string,
  script = false,
): string {
  const { place, limitBytes, base64 } = userDataPlace(target);
  const plain = Buffer.from(text);
  // Text that fits stays text: everybody can read it, and its bytes are the same everywhere.
  const isCompressed = plain.length > limitBytes && base64 && !script;
  const bytes = isCompressed ? gzipSync(plain, { level: 9 }) : plain;
  if (bytes.length > limitBytes) {
    const problems = new Problems();
    problems.add(TOO_LARGE, 'userData', `${bytes.length} bytes: ${sizes()}`, {
      allowed: `at most ${limitBytes} bytes for ${place}`,
    });
    problems.throwIfAny(path);
  }
  return bytes.toString(base64 ? 'base64' : 'utf8');
}

/** Notes every problem of what a machine is to be told. */
export function checkUserData(
  problems: Problems,
  identity: MachineIdentity | undefined,
  props: UserDataProps,
  extras: UserDataExtras = NO_EXTRAS,
): void {
  const foreign = [...FOREIGN_FILES, ...extras.files.map((file) => file.path)];
  if (identity === undefined) problems.add(IDENTITY_MISSING, 'identity', undefined);
  const { apiServer, caCertificate, packages, files = [], commands = [], cloudConfig } = props;
  problems.check(API_SERVER, 'apiServer', apiServer, isServer, { shown: withoutUser(apiServer) });
  problems.check(CA_CERTIFICATE, 'caCertificate', caCertificate, isPem, {
    shown: `${caCertificate.length} characters`,
  });
  packages?.forEach((name, index) => {
    problems.check(PACKAGE, `packages[${index}]`, name, () => /^[A-Za-z0-9][A-Za-z0-9+.:_=~-]*$/.test(name));
  });
  files.forEach((file, index) => void checkFile(problems.at(`files[${index}]`), writtenFile(file), foreign));
  checkNoSecret(problems, 'files', files);
  checkNoSecret(problems, 'commands', commands);
  if (cloudConfig === undefined) return;
  const { property, content } = checkCloudConfig(problems, 'cloudConfig', cloudConfig);
  const { write_files } = content;
  if (Array.isArray(write_files)) {
    write_files.forEach((file, index) => {
      checkForeign(problems.at(`${property}.write_files[${index}]`), file, foreign);
    });
  }
  if (props.format?.shellScript) problems.add(CLOUD_CONFIG_FORMAT, 'cloudConfig', Object.keys(content));
  checkNoSecret(problems, property, content);
}

function isServer(url: string): boolean {
  return /^https:\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(\/[A-Za-z0-9._~-]+)*$/.test(url);
}

function isPem(text: string): boolean {
  return /^(-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----\s*)+$/.test(text);
}

function checkFile(problems: Problems, file: WrittenFile, foreign: readonly string[]): void {
  const { path, content, permissions, owner } = file;
  problems.check(FILE, 'path', path, () => /^(\/[^/\0\n]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path));
  problems.check(FILE, 'content', content, () => !content.includes('\0'), { shown: `${content.length} characters` });
  problems.check(FILE, 'permissions', permissions, () => /^[0-7]{4}$/.test(permissions));
  problems.check(FILE, 'owner', owner, () => /^[a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?$/.test(owner));
  checkForeign(problems, file, foreign);
}

function checkForeign(
  problems: Problems,
  file: { readonly path?: unknown; readonly owner?: unknown; readonly defer?: unknown },
  foreign: readonly string[],
): void {
  const path = String(file?.path).replaceAll(/\/{2,}/g, '/');
  if (FOREIGN.some((folder) => path.startsWith(folder)) || foreign.includes(path)) problems.add(OWN_FILE, 'path', path);
  if (/^istio-proxy\b/.test(String(file?.owner))) problems.add(OWNER, 'owner', file.owner);
}

/** What a machine gets, of properties in which there is no problem. */
export function contentOf(
  member: Member,
  { identity, sidecar }: Joining,
  props: UserDataProps,
  extras: UserDataExtras = NO_EXTRAS,
): UserDataContent {
  const { agent, firstStage } = agentSource();
  const join = {
    schemaVersion: 1,
    apiServer: props.apiServer,
    caCertificate: `${props.caCertificate.replaceAll('\r', '').trim()}\n`,
    namespace: member.namespace,
    group: member.name,
    credential: credentialOf(identity),
    agentSha256: createHash('sha256').update(agent).digest('hex'),
    sidecar,
  };
  const joinJson = `${JSON.stringify(join)}\n`;
  return {
    title: `${member.namespace}/${member.name}`,
    // The first stage reads no kubeconfig, and where there is one, nobody limits user-data: the agent comes with it.
    ownFiles: [
      ...(identity.kubeconfig !== undefined ? ownFilesWithAgent(joinJson, agent) : ownFiles(joinJson, firstStage)),
      ...extras.files,
    ],
    files: (props.files ?? []).map(writtenFile),
    packages: props.packages ?? [],
    commands: props.commands ?? [],
    cloudConfig: props.cloudConfig === undefined ? {} : cloudConfigContent('', props.cloudConfig).content,
    units: extras.units,
  };
}

function writtenFile({ path, content, permissions = '0644', owner = 'root:root' }: UserDataFile): WrittenFile {
  return { path, content, permissions, owner };
}

function defaultTarget({ eks, gke, aks }: MachineIdentity): UserDataTarget {
  if (eks !== undefined) return { ec2: true };
  if (gke !== undefined) return { computeEngine: true };
  return aks === undefined ? { file: true } : { azure: true };
}

function sizes(content: UserDataContent, all: number): string {
  const files = [...content.ownFiles, ...content.files].map(
    (file) => [file.path, Buffer.byteLength(file.content)] as const,
  );
  const commands = Buffer.byteLength(content.commands.join('\n'));
  const config = JSON.stringify(content.cloudConfig).length;
  const parts = [...files, ['commands', commands] as const, ['cloudConfig', config] as const].filter(
    ([, size]) => size > 2,
  );
  return `${parts.map(([name, size]) => `${name} ${size}`).join(', ')}; ${all} as text`;
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//...@').slice(0, 100);
}
