import * as pulumi from '@pulumi/pulumi';
import * as cdk8s from 'meshvm';
import { StandaloneEnvoy, type StandaloneUserDataArgs, UserDataTargetKind } from 'meshvm/pulumi';
import { ROOT } from '../../core/certificate-fixtures';
import { later, refusal, unknown } from '../fixtures';
import { failureOf, runProgram, settled } from '../program';
import { byCdk8s, byPulumi, envoyArgs, envoyProps, LEAVES, type Leaf } from './standalone-pairs';

const CLOUD_CONFIG = '#cloud-config\npackages: [jq]\nruncmd: [date]\n';
const SHA256 = 'a'.repeat(64);
const URL = 'https://mirror.example.com/envoy';
const VAULT = { address: 'https://vault.example.com:8200', auth: { tokenFile: '/token' } };

/** Every property, in both faces. */
const PAIRS: readonly (readonly [
  string,
  () => cdk8s.StandaloneUserDataProps,
  (leaf: Leaf) => StandaloneUserDataArgs,
])[] = [
  [
    'with Envoy on the image',
    () => ({ envoy: cdk8s.EnvoyPackage.preinstalled() }),
    () => ({ envoy: { preinstalled: {} } }),
  ],
  [
    'with everything',
    () => ({
      envoy: cdk8s.EnvoyPackage.binary({ amd64: { url: URL, sha256: SHA256 } }),
      target: cdk8s.UserDataTarget.ec2LaunchTemplate(),
      cloudConfig: cdk8s.CloudConfig.fromYaml(CLOUD_CONFIG),
    }),
    (leaf) => ({
      envoy: { binary: { amd64: { url: URL, sha256: leaf(SHA256) } } },
      target: UserDataTargetKind.Ec2LaunchTemplate,
      cloudConfig: leaf(CLOUD_CONFIG),
    }),
  ],
];

function machine(userData: StandaloneUserDataArgs | undefined): StandaloneEnvoy {
  return new StandaloneEnvoy('laptop', envoyArgs({ userData }));
}

describe.each(LEAVES)('User-data of an Envoy, what it is made of %s,', (_, leaf) => {
  test.each(PAIRS)('%s is that of the cdk8s construct', async (_what, props, args) => {
    // The program of the certificate runs as the user of the unit, whoever is named for it elsewhere.
    const made = await byPulumi(
      () =>
        envoyArgs({
          certificates: { vault: { ...VAULT, address: leaf(VAULT.address), meshRoots: [{ pem: leaf(ROOT) }] } },
          certificateProgram: { user: 'developer' },
          userData: args(leaf),
        }),
      (envoy) => settled(envoy.userData),
    );
    const certificates = cdk8s.EnvoyCertificates.vault({
      address: VAULT.address,
      auth: cdk8s.VaultAuth.tokenFile('/token'),
      meshRoots: [cdk8s.TrustedRoots.pem(ROOT)],
    });
    expect(made).toStrictEqual(
      byCdk8s(
        () => envoyProps({ certificates }),
        (envoy) => envoy.userData(props()),
      ),
    );
  });
});

describe('User-data of an Envoy', () => {
  test('is empty unless it is asked for', async () => {
    const { value } = await runProgram(() => settled(machine(undefined).userData));
    expect(value).toBe('');
  });

  test('waits in a preview for what is not known, and nothing else does', async () => {
    const { value } = await runProgram(
      () => {
        const envoy = machine({ envoy: { preinstalled: {} }, cloudConfig: unknown<string>() });
        return Promise.all([settled(envoy.userData), settled(envoy.spiffeId), settled(envoy.files)]);
      },
      { preview: true },
    );
    expect(value[0]).toBeUndefined();
    expect(value[1]).toBe('spiffe://cluster.local/ns/laptops/sa/laptop');
    expect(Object.keys(value[2])).toContain('envoy.yaml');
  });

  test('is kept secret where it is made of what Pulumi keeps secret', async () => {
    const { value } = await runProgram(() => {
      const envoy = machine({ envoy: { preinstalled: {} }, cloudConfig: pulumi.secret(CLOUD_CONFIG) });
      return Promise.all([pulumi.isSecret(envoy.userData), pulumi.isSecret(envoy.files)]);
    });
    expect(value).toStrictEqual([true, false]);
  });

  test('holds no secret, whenever it is known', async () => {
    const secret = '#cloud-config\nruncmd: ["export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]\n';
    const envoy = { preinstalled: {} };
    expect(await refusal(() => machine({ envoy, cloudConfig: secret }))).toStrictEqual([
      'userData.cloudConfig.runcmd[0] [user-data/secret]',
    ]);
    const [error] = await failureOf(() => settled(machine({ envoy, cloudConfig: later(secret) }).userData));
    expect(error.message).toContain('userData.cloudConfig.runcmd[0]: ');
    expect(error.message).not.toContain('wJalr');
  });

  test.each<[string, StandaloneUserDataArgs, readonly string[]]>([
    [
      'everything that is wrong at once',
      {
        envoy: { binary: { amd64: { url: 'ftp://x', sha256: 'x' } } },
        cloudConfig: 'runcmd: []',
      },
      [
        'userData.envoy.binary.amd64.url [envoy-package/url]',
        'userData.envoy.binary.amd64.sha256 [envoy-package/sha256]',
        'userData.cloudConfig [user-data/cloud-config]',
      ],
    ],
    [
      'what is no choice',
      { envoy: {}, target: 'Floppy' as UserDataTargetKind },
      ['userData.envoy [shape/choice]', 'userData.target [shape/value]'],
    ],
    [
      'files of ours',
      {
        envoy: { preinstalled: {} },
        cloudConfig: '#cloud-config\nwrite_files: [{ path: /etc/meshvm-envoy/envoy.yaml, content: x }]\n',
      },
      ['userData.cloudConfig.write_files[0].path [standalone/user-data-file-of-meshvm]'],
    ],
    [
      'more than the place takes',
      {
        envoy: { preinstalled: {} },
        cloudConfig: `#cloud-config\nwrite_files: [{ path: /opt/x, content: "${'0123456789abcdef '.repeat(1200)}" }]\n`,
      },
      ['userData [user-data/too-large]'],
    ],
  ])('refuses %s', async (_, userData, expected) => {
    expect(await refusal(() => machine(userData))).toStrictEqual(expected);
  });
});
