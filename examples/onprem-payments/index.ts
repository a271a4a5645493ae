/**
 * Machines of a data center, without any cloud: new ones join by user-data that any hypervisor can hand to them, an old one has a fixed
 * address and no agent. user-data/ (or the folder `userDataFolder`) gets a file for each group.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { ControlPlane, EastWestGateway, type MeshArgs, MeshVm, MeshVmGroup } from 'meshvm/pulumi';

const config = new pulumi.Config();
const apiServer = config.require('apiServer');
const caCertificate = config.require('caCertificate');
const machines = ['10.20.0.0/16'];

const mesh: MeshArgs = { meshId: 'acme', clusterName: 'dc-1', network: 'dc-1', istioVersion: '1.31.1' };

const controlPlane = new ControlPlane('istio', { mesh });
const after = { dependsOn: controlPlane };
const gateway = new EastWestGateway(
  'gateway',
  { mesh, loadBalancer: { metalLb: { addresses: ['10.20.0.5'], sourceRanges: machines } } },
  after,
);

const payments = new MeshVmGroup(
  'payment-service',
  {
    mesh,
    gateway,
    namespace: 'payments',
    ports: [{ name: 'http', port: 8080 }],
    probe: { httpGet: { port: 8080, path: '/healthz' } },
    network: { flat: { cidrs: machines } },
    // Whoever provisions machines puts a kubeconfig of this user there, by whatever keeps their other secrets.
    identity: { kubeconfig: { path: '/etc/meshvm/kubeconfig', subject: { user: 'vm-payments' } } },
    userData: { apiServer, caCertificate },
  },
  after,
);

// The ledger runs on one old machine, on which nothing can be installed: callers reach it in plain text.
new MeshVm(
  'ledger',
  {
    mesh,
    namespace: 'payments',
    createNamespace: false,
    address: '10.20.7.11',
    sidecar: false,
    ports: [{ name: 'tcp-ledger', port: 9090 }],
    network: { flat: { cidrs: machines } },
  },
  { dependsOn: [controlPlane, payments] },
);

const folder = config.get('userDataFolder') ?? join(__dirname, 'user-data');
payments.userData.apply((text) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'payment-service.cloud-config'), text);
});

export const host = payments.host;
export const gatewayAddress = gateway.address;
