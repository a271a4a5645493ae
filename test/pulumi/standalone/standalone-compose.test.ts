import type * as cdk8s from 'meshvm';
import { StandaloneEnvoy } from 'meshvm/pulumi';
import { refusal } from '../fixtures';
import { runProgram, settled } from '../program';
import { byCdk8s, byPulumi, envoyArgs, envoyProps, LEAVES } from './standalone-pairs';

const COMPOSE = {
  image: `docker.io/envoyproxy/envoy:v1.38.3@sha256:${'a'.repeat(64)}`,
  service: 'app',
  user: '1000:1000',
  configuration: './envoy',
  certificates: './secrets/certificates',
};

describe('The Compose file of an Envoy', () => {
  test.each(LEAVES)('by an image %s is that of the cdk8s construct', async (_, leaf) => {
    const made = await byPulumi(
      () => envoyArgs({ compose: { ...COMPOSE, image: leaf(COMPOSE.image) } }),
      (envoy) => settled(envoy.composeFile),
    );
    const composeFile = (envoy: cdk8s.StandaloneEnvoy) => envoy.composeFile(COMPOSE);
    expect(made).toStrictEqual(byCdk8s(() => envoyProps(), composeFile));
  });

  test('is empty unless it is asked for', async () => {
    const { value } = await runProgram(() => settled(new StandaloneEnvoy('laptop', envoyArgs()).composeFile));
    expect(value).toBe('');
  });

  test('is refused with everything that is wrong at once', async () => {
    const compose = { image: 'envoy:latest', service: 'meshvm-envoy', user: 'root', configuration: 'envoy' };
    expect(await refusal(() => new StandaloneEnvoy('laptop', envoyArgs({ compose })))).toStrictEqual([
      'compose.image [compose/image]',
      'compose.service [compose/service]',
      'compose.user [compose/user]',
      'compose.configuration [compose/folder]',
    ]);
  });
});
