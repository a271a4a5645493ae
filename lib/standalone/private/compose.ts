import { type Problems, rule } from '../../core/problems';
import type { ComposeContent } from '../envoy/compose';
import type { EnvoySpec } from '../envoy/spec';
import type { StandaloneComposeProps } from '../standalone-compose';

const IMAGE = rule({
  id: 'compose/image',
  origin: 'meshvm',
  allowed: 'the name of an image, a tag if you like, and its digest: @sha256: with 64 hexadecimal digits',
  remedy: 'take the digest from your registry: a tag can be moved to another image at any time',
  source: 'meshvm: the machine runs no program that nobody has named',
});
const SERVICE = rule({
  id: 'compose/service',
  origin: 'meshvm',
  allowed: 'letters, digits, ".", "_" and "-", and another name than meshvm-envoy',
  remedy: 'give the name of the service as it stands in your Compose file',
  source: 'compose-spec: names of services',
});
const USER = rule({
  id: 'compose/user',
  origin: 'meshvm',
  allowed: 'uid:gid in numbers, both above 0',
  remedy: 'give the owner of the private key, such as what "id -u" and "id -g" print',
  source: 'meshvm: Envoy needs no right of root',
});
const FOLDER = rule({
  id: 'compose/folder',
  origin: 'meshvm',
  allowed: 'a path of letters, digits, ".", "_", "-" and "/" that starts with "./", "../" or "/"',
  remedy: 'write the path as seen from the Compose file',
  source: 'compose-spec: sources of bind mounts; another text would be the name of a volume',
});

/** The properties with every default. Total. */
export function resolveCompose(spec: EnvoySpec, props: StandaloneComposeProps): ComposeContent {
  const { configuration = './meshvm-envoy', certificates = './certificates' } = props;
  return { ...props, configuration, certificates, spec };
}

/** Everything about the properties that Compose would refuse, or that nobody would want. */
export function checkCompose(problems: Problems, content: ComposeContent): void {
  const { image, service, user, configuration, certificates } = content;
  const reference = /^[a-z0-9]+([._:/-]+[A-Za-z0-9_]+)*@sha256:[0-9a-f]{64}$/;
  problems.check(IMAGE, 'image', image, (name) => reference.test(name));
  problems.check(SERVICE, 'service', service, (name) => /^[A-Za-z0-9._-]+$/.test(name) && name !== 'meshvm-envoy');
  problems.check(USER, 'user', user, (ids) => /^[1-9][0-9]*:[1-9][0-9]*$/.test(ids));
  for (const [name, value] of Object.entries({ configuration, certificates })) {
    problems.check(FOLDER, name, value, (path) => /^(\.{1,2}\/|\/)[A-Za-z0-9._/-]*$/.test(path));
  }
}
