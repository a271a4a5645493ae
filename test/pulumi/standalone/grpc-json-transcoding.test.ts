import * as cdk8s from 'meshvm';
import { type GrpcJsonTranscodingArgs, ServiceProtocol, StandaloneEnvoy } from 'meshvm/pulumi';
import { refusal } from '../fixtures';
import { catalog, envoyArgs, envoyProps, expectSameEnvoy, LEAVES } from './standalone-pairs';

/** A descriptor set of one file without content. */
const DESCRIPTOR_SET = 'CgMKAWE=';

const OPTIONS = {
  services: ['shop.v1.Catalog'],
  autoMapping: true,
  passUnmapped: true,
  ignoreUnknownQueryParameters: true,
  maxRequestBodyBytes: 1000,
  maxResponseBodyBytes: 2000,
  print: { whitespace: true, enumsAsNumbers: true },
};

describe('Transcoding', () => {
  test.each(LEAVES)('of a descriptor set %s is that of the cdk8s construct', async (_, leaf) => {
    const service = cdk8s.StandaloneService.fromHost('catalog.shop.svc.cluster.local', {
      port: 9000,
      protocol: cdk8s.ServiceProtocol.GRPC,
      identities: [cdk8s.MeshIdentity.serviceAccount('shop', 'catalog')],
      transcoding: cdk8s.GrpcJsonTranscoding.fromDescriptorSet(DESCRIPTOR_SET, OPTIONS),
    });
    const transcoding = { descriptorSet: leaf(DESCRIPTOR_SET), ...OPTIONS };
    await expectSameEnvoy(
      () => envoyProps({ services: [service] }),
      () => envoyArgs({ services: [{ ...catalog, port: 9000, protocol: ServiceProtocol.GRPC, transcoding }] }),
    );
  });

  test('everything that is wrong is told at once', async () => {
    const wrong: GrpcJsonTranscodingArgs = {
      descriptorSet: 'syntax = "proto3";',
      services: ['/shop'],
      maxRequestBodyBytes: 0,
    };
    const right = { descriptorSet: DESCRIPTOR_SET, services: ['shop.v1.Catalog'] };
    const services = [
      { ...catalog, transcoding: wrong },
      { ...catalog, port: 81, transcoding: right },
    ];
    expect(await refusal(() => new StandaloneEnvoy('laptop', envoyArgs({ services })))).toStrictEqual([
      'services[0].transcoding [standalone/transcoding-without-grpc]',
      'services[0].transcoding.descriptorSet [standalone/descriptor-set]',
      'services[0].transcoding.services[0] [standalone/transcoding-service]',
      'services[0].transcoding.maxRequestBodyBytes [traffic/zero-is-no-limit]',
      'services[1].transcoding [standalone/transcoding-without-grpc]',
    ]);
  });
});
