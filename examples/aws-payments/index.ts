/** The payment services of an EKS cluster that run on machines: Istio, its gateway, two fleets, and a canary of one of them. */
import { getSubnetOutput } from '@pulumi/aws/ec2';
import { Namespace } from '@pulumi/kubernetes/core/v1';
import * as pulumi from '@pulumi/pulumi';
import { ControlPlane, EastWestGateway, type MeshArgs } from 'meshvm/pulumi';
import { MachineArchitecture, VmAutoScalingGroup, type VmAutoScalingGroupArgs } from 'meshvm/pulumi/aws';

const config = new pulumi.Config();
const clusterName = config.require('cluster');
const gatewaySecurityGroup = config.require('gatewaySecurityGroup');
const subnets = {
  payments: config.requireObject<string[]>('machineSubnets'),
  ledger: config.requireObject<string[]>('ledgerSubnets'),
};

// Names that control plane, gateway and machines must agree on stand here, and nowhere else.
const mesh: MeshArgs = { meshId: 'acme', clusterName, network: 'vpc-prod', istioVersion: '1.31.1' };

const controlPlane = new ControlPlane('istio', { mesh });
const gateway = new EastWestGateway(
  'gateway',
  { mesh, loadBalancer: { awsNlb: { securityGroups: [gatewaySecurityGroup] } } },
  { dependsOn: controlPlane },
);

const labels = { 'istio-injection': 'enabled' };
const namespace = new Namespace('payments', { metadata: { name: 'payments', labels } }).metadata.name;

/** What all fleets have in common. */
function fleet(name: string, subnetIds: string[], args: Partial<VmAutoScalingGroupArgs>): VmAutoScalingGroup {
  const cidrs = subnetIds.map((id) => getSubnetOutput({ id }).cidrBlock);
  return new VmAutoScalingGroup(
    name,
    {
      mesh,
      gateway,
      cluster: { name: clusterName },
      namespace,
      createNamespace: false,
      ports: [{ name: 'http', port: 8080 }],
      probe: { httpGet: { port: 8080, path: '/' } },
      network: { flat: { cidrs } },
      // Pods of the cluster may call the machines, and the machines pods on this port.
      peers: { gateway: [{ securityGroupId: gatewaySecurityGroup }], podPorts: [{ from: 8080 }] },
      subnetIds,
      instanceTypes: ['m7g.large', 'm6g.large'],
      image: { amazonLinux2023: { architecture: MachineArchitecture.Arm64 } },
      minSize: 2,
      maxSize: 10,
      // In the place of your application.
      application: { commands: ['systemd-run --unit payments python3 -m http.server 8080'] },
      ...args,
    },
    { dependsOn: controlPlane },
  );
}

const payments = fleet('payment-service', subnets.payments, {
  version: 'v1',
  scaling: { targetCpuPercent: 60 },
});

// The canary stands behind the Services of the first version: one machine of three or more, so about a third of the calls at most.
const canary = fleet('payment-service-v2', subnets.payments, {
  canonicalService: 'payment-service',
  version: 'v2',
  services: [],
  minSize: 1,
  maxSize: 1,
});

const ledger = fleet('ledger', subnets.ledger, { spot: { onDemandBaseCapacity: 2 } });

export const hosts = { payments: payments.host, ledger: ledger.host };
export const fleets = [payments, canary, ledger].map(({ autoScalingGroupName }) => autoScalingGroupName);
