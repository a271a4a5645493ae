import {
  Caller,
  EnvoyCertificates,
  EnvoyPackage,
  GroupNamespace,
  InboundExposure,
  MeshVmGroup,
  ServiceProtocol,
  StandaloneEnvoy,
  type StandaloneEnvoyProps,
  StandaloneService,
  TrustedRoots,
  VaultAuth,
} from 'meshvm';
import { parse } from 'yaml';
import { envoyFiles } from '../../lib/standalone/envoy/files';
import { parseMachineFile } from '../../lib/standalone/file/machine-file';
import { ROOT } from '../core/certificate-fixtures';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';
import { catalog } from './fixtures';

// How a StandaloneEnvoy gets to where it runs.

function laptop(fields: Partial<StandaloneEnvoyProps> = {}): StandaloneEnvoy {
  const chart = aChart();
  const group = new MeshVmGroup(chart, 'payment-service', groupProps());
  const ledger = catalog(
    { port: 5432, localPort: 5432, protocol: ServiceProtocol.TCP },
    'ledger.shop.svc.cluster.local',
  );
  return new StandaloneEnvoy(chart, 'laptop', {
    mesh: aMesh({ trustDomain: 'acme.example' }),
    namespace: GroupNamespace.existing(),
    gateways: [{ address: 'eastwest.example.com' }],
    services: [StandaloneService.group(group), ledger],
    ...fields,
  });
}

test('a machine file makes the very files of the program, without it', () => {
  const envoy = laptop();
  const { spec, problems } = parseMachineFile('laptop.yaml', envoy.machineFile());
  expect(problems).toStrictEqual([]);
  expect(spec && envoyFiles(spec)).toStrictEqual(envoy.files());
});

test('a machine file names no folder unless somebody has chosen one', () => {
  const fileOf = (fields?: Partial<StandaloneEnvoyProps>) => {
    const file = parse(laptop(fields).machineFile()) as Record<string, unknown> & { certificates: object };
    return { directory: file.directory, certificates: file.certificates };
  };
  const names = { certificateChain: 'cert-chain.pem', privateKey: 'key.pem', rootCertificates: 'root-cert.pem' };
  const certificates = { files: names };
  expect(fileOf()).toStrictEqual({ directory: undefined, certificates });
  expect(fileOf({ directory: '/opt/envoy' })).toStrictEqual({ directory: '/opt/envoy', certificates });
});

test.each([
  ['direct', InboundExposure.direct(['10.0.0.1', '10.0.0.2'])],
  ['loadBalancer', InboundExposure.loadBalancer('billing.elb.example.com')],
  [
    'httpsLoadBalancer',
    InboundExposure.httpsLoadBalancer('billing.elb.example.com', {
      sourceRanges: ['10.1.0.0/24'],
      tlsToMachine: false,
    }),
  ],
])(
  'a machine file of a machine that is called (%s) has its side of that, and nothing of the mesh',
  (kind, exposure) => {
    const callers = kind === 'httpsLoadBalancer' ? undefined : [Caller.serviceAccount('shop', 'checkout')];
    const ports = [
      { name: 'http', port: 443, protocol: ServiceProtocol.HTTP1, listenPort: 8443, applicationPort: 8080 },
    ];
    const envoy = laptop({ inbound: { host: 'billing.example.com', exposure, callers, ports, exportTo: ['.'] } });
    const text = envoy.machineFile();
    const { spec, problems } = parseMachineFile('laptop.yaml', text);
    expect(problems).toStrictEqual([]);
    expect(spec && envoyFiles(spec)).toStrictEqual(envoy.files());
    const file = parse(text) as { inbound: { exposure: object } };
    expect(Object.keys(file.inbound.exposure)).toStrictEqual([kind]);
    expect(text).not.toMatch(/billing|exportTo|10\.0\.0\./);
  },
);

test('of a certificate from Vault a machine file has the names of the files', () => {
  const certificates = EnvoyCertificates.vault({
    address: 'https://vault.example.com',
    auth: VaultAuth.tokenFile('/run/token'),
    meshRoots: [TrustedRoots.pem(ROOT)],
  });
  const file = parse(laptop({ certificates }).machineFile()) as { certificates: object };
  const names = {
    certificateChain: 'identity.pem',
    privateKey: 'identity.pem',
    rootCertificates: 'root-cert.pem',
  };
  expect(file.certificates).toStrictEqual({ files: names });
});

test('user-data and a Compose file are those of this machine', () => {
  const userData = laptop().userData({ envoy: EnvoyPackage.preinstalled() });
  expect(userData.split('\n', 2)).toStrictEqual([
    '#cloud-config',
    '# Runs the Envoy of spiffe://acme.example/ns/payments/sa/laptop. Made by meshvm.',
  ]);
  const image = `envoyproxy/envoy@sha256:${'0'.repeat(64)}`;
  const compose = parse(laptop().composeFile({ image, service: 'shop', user: '1000:1000' })) as { services: object };
  expect(Object.keys(compose.services)).toStrictEqual(['shop', 'meshvm-envoy']);
});

test('what Docker Compose would not run is refused', () => {
  expect(
    problemsOf(() => laptop().composeFile({ image: 'envoyproxy/envoy:latest', service: 'shop', user: 'root' })),
  ).toStrictEqual(['image [compose/image]', 'user [compose/user]']);
});
