import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkCountAboveZero } from '../../core/values/counts';
import type { GrpcJsonTranscodingOptions } from '../transcoding-options';

const DESCRIPTOR = rule({
  id: 'standalone/descriptor-set',
  origin: 'meshvm',
  allowed: 'a FileDescriptorSet as protoc writes it, or the same in base64',
  remedy: 'make it with protoc --include_imports --descriptor_set_out; a proto file is none',
  source: 'Envoy: transcoding_filter: Unable to parse proto descriptor',
});
const NO_SERVICES = rule({
  id: 'standalone/transcoding-without-services',
  origin: 'ignored',
  allowed: 'at least one service of the descriptor set',
  remedy: 'name the services that may be called',
  source: 'Envoy: without services the transcoder does nothing',
});
const SERVICE_NAME = rule({
  id: 'standalone/transcoding-service',
  origin: 'meshvm',
  allowed: 'the full name of a gRPC service, such as shop.v1.Catalog, once',
  remedy: 'write package and service as the proto file has them, without "/" and method',
  source: "Envoy: transcoding_filter: Could not find '<name>' in the proto descriptor",
});

/** Everything about a descriptor set and its options that Envoy would refuse, as far as it can be told without reading the set. */
export function checkTranscodingOptions(
  problems: Problems,
  descriptorSet: unknown,
  options: GrpcJsonTranscodingOptions,
): void {
  if (!isDeferred(descriptorSet) && !isDescriptorSet(descriptorSet)) {
    problems.add(DESCRIPTOR, 'descriptorSet', String(descriptorSet).slice(0, 40));
  }
  if (options.services.length === 0) problems.add(NO_SERVICES, 'services', []);
  options.services.forEach((name, index) => {
    if (isDeferred(name)) return;
    const good = typeof name === 'string' && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name);
    if (!good || options.services.indexOf(name) !== index) problems.add(SERVICE_NAME, `services[${index}]`, name);
  });
  checkCountAboveZero(problems, 'maxRequestBodyBytes', options.maxRequestBodyBytes);
  checkCountAboveZero(problems, 'maxResponseBodyBytes', options.maxResponseBodyBytes);
}

/** Base64 of something that begins with the one field that the message has: 1, of a length. */
function isDescriptorSet(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.length % 4 !== 0) return false;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value.slice(0, 4), 'base64')[0] === 0x0a;
}
