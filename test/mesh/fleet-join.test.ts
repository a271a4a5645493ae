import { createHash } from 'node:crypto';
import { ControlPlane as ControlPlaneForMachines, Mesh } from 'meshvm';
import { EastWestGateway } from 'meshvm/pulumi';
import { MachineArchitecture, VmAutoScalingGroup, type VmAutoScalingGroupArgs } from 'meshvm/pulumi/aws';
import { inAws } from '../pulumi/aws/fleet';
import { FakeProvider } from '../pulumi/aws/provider';
import { named, registered } from '../pulumi/fixtures';
import type { Registered } from '../pulumi/program';
import { Authenticator } from './aws/authenticator';
import { AUTHORITY_FILE, CLOUD_INIT_BOOT, STAND_INS } from './aws/cloud-init';
import { type AutoScalingCall, Ec2 } from './aws/ec2';
import { ACCOUNT, Moto } from './aws/moto';
import { kubernetesObjects } from './aws/recorded';
import { ControlPlane, Gateway, GiveUp, healthOf, type JsonObject, type StoredObject, waitUntil } from './harness';
import { Workspace } from './harness/workspace';
import type { Cloud } from './machines/cloud';
import type { Computer } from './machines/computer';
import { joiningMachine } from './machines/joining-machine';

/**
 * A machine joins with the user-data of the launch template that a VmAutoScalingGroup registers, byte for byte, in a cluster that holds
 * the Kubernetes objects that the same program registers.
 *
 * Real: the API server with istiod's webhooks, istiod, the gateway, the sidecar, cloud-init with its Ec2 data source, the agent, its
 * signed proof of identity, and the authenticator that EKS runs. Stand-ins: EC2's metadata service and the VPC's DNS (aws/ec2.ts), STS
 * (moto, which checks no signature), EC2 Auto Scaling (which says yes to all), systemd (aws/cloud-init.ts and joiningMachine: no
 * sandboxes, no timers, no order of units), the sidecar package (preinstalled), and EKS's access entries: the authenticator is told what
 * the recorded entry says. Needs the Debian package cloud-init, and root.
 */

const MESH = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };
const ROLE = 'pay-role';
const INSTANCE = 'i-0123456789abcdef0';

let workspace: Workspace;
let authenticator: Authenticator;
let controlPlane: ControlPlane;
let gateway: Gateway;
let resources: readonly Registered[];
let userData: Buffer;
let ec2: Ec2;
let machine: Computer;

beforeAll(async () => {
  workspace = new Workspace();
  const moto = await Moto.start(workspace);
  authenticator = await Authenticator.start(workspace, moto, 'prod-eu', [
    {
      role: ROLE,
      userName: 'vm:meshvm:payments:pay:{{SessionName}}',
      kubernetesGroups: ['meshvm:payments:pay'],
    },
  ]);
  const mesh = new Mesh(MESH);
  controlPlane = await ControlPlane.start({
    operator: new ControlPlaneForMachines({ mesh }).istioOperator() as JsonObject,
    network: mesh.network,
    lan: true,
    apiServerArgs: authenticator.apiServerArgs,
  });
  resources = await environment();
  const objects = kubernetesObjects(resources);
  const [platform, payments] = [true, false].map((wanted) =>
    objects.filter(({ metadata }) => (metadata.namespace === 'istio-system') === wanted),
  );
  await controlPlane.client.mustApply(platform);
  const deployment = platform.find(({ kind }) => kind === 'Deployment');
  if (deployment === undefined) throw new Error('the gateway has no Deployment');
  gateway = await Gateway.start(controlPlane, { deployment });
  await controlPlane.client.mustApply(payments);
  await controlPlane.rootCertificate('payments');

  userData = Buffer.from(named(resources, 'pay-launch-template').inputs.userData, 'base64');
  ec2 = await Ec2.start(controlPlane, {
    id: INSTANCE,
    role: ROLE,
    keys: await moto.assumeRole(ROLE, INSTANCE),
    userData,
  });
  machine = await joiningMachine(controlPlane, {
    name: 'pay-1',
    // Of a cloud it uses the way to the metadata service alone.
    cloud: ec2 as unknown as Cloud,
    userData: CLOUD_INIT_BOOT,
  });
  for (const [path, program] of Object.entries(STAND_INS)) machine.write(path, program);
  machine.write(AUTHORITY_FILE, ec2.authority);
});

afterAll(async () => {
  await controlPlane?.stop();
  await authenticator?.stop();
  await workspace?.close();
});

test('the access entry says what the authenticator was told', () => {
  expect(named(resources, 'pay-access-entry').inputs).toStrictEqual({
    clusterName: 'prod-eu',
    principalArn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`,
    type: 'STANDARD',
    userName: 'vm:meshvm:payments:pay:{{SessionName}}',
    kubernetesGroups: ['meshvm:payments:pay'],
  });
});

test('a machine of the launch template becomes healthy in the mesh, through the gateway', async () => {
  await machine.boot();
  const probe = async () => {
    // Asked before the entry: a call that was made by then came before the machine was healthy, unless the entry says so.
    const calls = ec2.completions.length;
    const found = await entryOf(machine);
    if (healthOf(found) === 'Healthy') return found;
    if (calls > 0) throw new GiveUp('the launch hook was completed before the machine was healthy');
    return undefined;
  };
  const entry = await machine.process.waitUntil('it is healthy', probe, { timeoutSeconds: 120, details: logs });
  expect(entry.spec).toMatchObject({ address: machine.address, network: 'vpc-prod', serviceAccount: 'pay' });
  expect(entry.metadata.annotations).toMatchObject({ 'istio.io/autoRegistrationGroup': 'pay' });
  expect(authenticator.clusters).toContain('prod-eu');
  const istiod = await machine.output('getent ahostsv4 istiod.istio-system.svc | head -1 | cut -d" " -f1');
  expect(istiod).toBe(gateway.address);
});

test('what it ran is the user-data of the launch template, byte for byte, and cloud-init found no fault with it', async () => {
  const sum = await machine.output('sha256sum </var/lib/cloud/instance/user-data.txt | cut -c1-64');
  expect(sum).toBe(createHash('sha256').update(userData).digest('hex'));
  expect(JSON.parse(await machine.output('cat /run/cloud-init/result.json'))).toStrictEqual({
    v1: { datasource: 'DataSourceEc2', errors: [] },
  });
  expect((await machine.output('cat /var/log/systemctl')).split('\n')).toStrictEqual([
    'daemon-reload',
    'enable --now --no-block meshvm-aws-lifecycle.service meshvm-first-stage.service',
  ]);
});

test('the launch hook is completed once the machine is healthy', async () => {
  const calls = await completions(1);
  expect(calls).toStrictEqual([completion('meshvm-launch')]);
});

test('a machine that the group terminates drains, completes the terminate hook, and is gone when its sidecar has ended', async () => {
  ec2.wants('Terminated');
  const [, ...calls] = await completions(2);
  expect(calls).toStrictEqual([completion('meshvm-terminate')]);
  expect(await machine.output('cat /var/lib/meshvm/released')).toBe('drained');
  // The agent has asked systemd for it, which is not there.
  await machine.run('kill "$(cat /run/istio.pid)"');
  await waitUntil('its entry is gone', async () => (await entryOf(machine)) === undefined, { details: logs });
});

/** A gateway and a fleet of machines with an image that holds the sidecar. */
async function environment(): Promise<readonly Registered[]> {
  const { apiServer, lan } = controlPlane;
  const args = (gateway: EastWestGateway): VmAutoScalingGroupArgs => ({
    mesh: MESH,
    gateway,
    cluster: {
      name: 'prod-eu',
      endpoint: `https://${lan.hostAddress}:${apiServer.port}`,
      certificateAuthority: Buffer.from(apiServer.ca).toString('base64'),
      securityGroupId: 'sg-cluster',
      authenticationMode: 'API',
      vpcId: 'vpc-cluster',
    },
    namespace: 'payments',
    ports: [{ name: 'http', port: 8080 }],
    probe: { httpGet: { port: 8080, path: '/healthz' }, periodSeconds: 1 },
    network: { flat: { cidrs: [lan.cidr] } },
    peers: { gateway: [{ securityGroupId: 'sg-nlb' }] },
    image: { ami: { id: 'ami-0own', architecture: MachineArchitecture.X86_64, preinstalled: true } },
    subnetIds: ['subnet-a', 'subnet-b'],
    instanceTypes: ['m7i.large'],
    minSize: 1,
    maxSize: 3,
    drain: { seconds: 1 },
    bootstrap: { restartJitterSeconds: 0, minimumRestartIntervalSeconds: 0 },
  });
  const { state, call } = inAws({ provider: new FakeProvider() });
  return registered(
    () =>
      new VmAutoScalingGroup('pay', args(new EastWestGateway('gateway', { mesh: MESH, loadBalancer: { awsNlb: {} } }))),
    {
      call,
      state: (resource) => ({
        ...state?.(resource),
        ...(resource.type === 'aws:iam/role:Role' ? { arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}` } : {}),
      }),
    },
  );
}

async function entryOf({ address }: Computer): Promise<StoredObject | undefined> {
  const all = await controlPlane.client.list('networking.istio.io/v1', 'WorkloadEntry', 'payments');
  return all.find(({ spec }) => (spec as { readonly address?: string }).address === address);
}

/** What the machine has told the group, once it is as much. */
function completions(count: number): Promise<readonly AutoScalingCall[]> {
  const enough = () => (ec2.completions.length >= count ? ec2.completions : undefined);
  return waitUntil(`the machine has completed ${count} hooks`, enough, { details: logs });
}

/** A call by which the machine tells the group to go on. */
function completion(hook: string) {
  return {
    Action: 'CompleteLifecycleAction',
    Version: '2011-01-01',
    AutoScalingGroupName: 'project-stack-pay',
    LifecycleHookName: hook,
    InstanceId: INSTANCE,
    LifecycleActionResult: 'CONTINUE',
  };
}

async function logs(): Promise<string> {
  const files = '/var/log/cloud-init-stages.log /var/log/systemctl /var/log/meshvm*';
  return (await machine.run(`tail -n 20 ${files} 2>&1`, true)).stdout;
}
