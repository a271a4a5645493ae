import * as k8s from '@pulumi/kubernetes';
import { ComponentResource, Output, secret } from '@pulumi/pulumi';
import { Callback } from '@pulumi/pulumi/proto/callback_pb';
import { EastWestGateway, MeshVm, MeshVmGroup, type MeshVmGroupArgs, UserDataFormatKind } from 'meshvm/pulumi';
import { CA } from '../../join/fixtures';
import {
  gatewayArgs,
  groupArgs,
  joiningArgs,
  later,
  meshArgs,
  named,
  refusal,
  registered,
  UNKNOWN,
  unknown,
  vmArgs,
} from '../fixtures';
import { failureOf, runProgram, settled } from '../program';

const EVIL_CEL = "x' || object.x == 'x";
const USER_DATA = { apiServer: 'https://api.acme.example', caCertificate: CA };

/** Every output of a group. */
async function outputs(group: MeshVmGroup) {
  const entries = Object.entries(group).filter(([key, value]) => Output.isInstance(value) && key !== 'urn');
  return Object.fromEntries(await Promise.all(entries.map(async ([key, output]) => [key, await settled(output)])));
}

describe('MeshVmGroup', () => {
  test('registers each object as a resource of its kind under the component, named after the object', async () => {
    const resources = await registered(() => new MeshVmGroup('pay', joiningArgs()));
    expect(resources.map(({ type, name }) => `${type} ${name.split(' ').pop()}`).sort()).toStrictEqual([
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy meshvm.payments.pay.application',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy meshvm.payments.pay.config',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy meshvm.payments.pay.registration',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy meshvm.payments.pay.token',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding meshvm.payments.pay.application',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding meshvm.payments.pay.config',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding meshvm.payments.pay.registration',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding meshvm.payments.pay.token',
      'kubernetes:core/v1:ConfigMap payments/pay-agent',
      'kubernetes:core/v1:ConfigMap payments/pay-bootstrap',
      'kubernetes:core/v1:Namespace payments',
      'kubernetes:core/v1:Service payments/pay',
      'kubernetes:core/v1:ServiceAccount payments/pay',
      'kubernetes:networking.istio.io/v1:WorkloadGroup payments/pay',
      'kubernetes:rbac.authorization.k8s.io/v1:ClusterRole meshvm.payments.pay',
      'kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding meshvm.payments.pay',
      'kubernetes:rbac.authorization.k8s.io/v1:Role istio-system/meshvm.payments.pay',
      'kubernetes:rbac.authorization.k8s.io/v1:Role payments/pay-bootstrap',
      'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding istio-system/meshvm.payments.pay',
      'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding payments/pay-bootstrap',
      'meshvm:index:MeshVmGroup pay',
    ]);
    const [component, ...children] = resources;
    expect(component).toMatchObject({ custom: false, inputs: {} });
    expect(new Set(children.map(({ parent, custom }) => `${parent} ${custom}`))).toStrictEqual(new Set(['pay true']));
  });

  test('waits with everything for the namespace, and with rights for their guards', async () => {
    const resources = await registered(() => new MeshVmGroup('pay', joiningArgs()));
    expect(named(resources, 'Namespace payments').dependencies).toStrictEqual([]);
    for (const { name, dependencies } of resources.slice(2)) {
      expect([name, dependencies]).toStrictEqual([name, expect.arrayContaining(['Namespace payments'])]);
    }
    expect([...named(resources, 'RoleBinding payments/pay-bootstrap').dependencies].sort()).toStrictEqual([
      'Namespace payments',
      'Role istio-system/meshvm.payments.pay',
      'Role payments/pay-bootstrap',
      'ValidatingAdmissionPolicyBinding meshvm.payments.pay.application',
      'ValidatingAdmissionPolicyBinding meshvm.payments.pay.config',
      'ValidatingAdmissionPolicyBinding meshvm.payments.pay.registration',
      'ValidatingAdmissionPolicyBinding meshvm.payments.pay.token',
    ]);
  });

  test('tells what others need to know of it', async () => {
    const { value } = await runProgram(() =>
      outputs(new MeshVmGroup('pay', joiningArgs({ version: 'v2', labels: { team: 'money' } }))),
    );
    expect(value).toStrictEqual({
      groupName: 'pay',
      namespace: 'payments',
      serviceAccount: 'pay',
      spiffeId: 'spiffe://cluster.local/ns/payments/sa/pay',
      host: 'pay.payments.svc.cluster.local',
      serviceHosts: ['pay.payments.svc.cluster.local'],
      labels: {
        team: 'money',
        app: 'pay',
        version: 'v2',
        'service.istio.io/canonical-name': 'pay',
        'service.istio.io/canonical-revision': 'v2',
      },
      bootstrapSubjectKind: 'Group',
      bootstrapSubjectName: 'meshvm:payments:pay',
      userData: '',
    });
  });

  test('tells nothing of what it has not', async () => {
    const { value } = await runProgram(() => outputs(new MeshVmGroup('pay', groupArgs({ ports: [] }))));
    expect(value).toMatchObject({ host: '', serviceHosts: [], bootstrapSubjectKind: '', bootstrapSubjectName: '' });
  });

  test('creates no ServiceAccount when told not to', async () => {
    const resources = await registered(() => new MeshVmGroup('pay', groupArgs({ createServiceAccount: false })));
    expect(resources.map(({ name }) => name)).not.toContain('ServiceAccount payments/pay');
    expect(named(resources, 'WorkloadGroup payments/pay').inputs.spec.template.serviceAccount).toBe('pay');
  });

  test('denies the calls of revoked ServiceAccounts, also of those that are known later', async () => {
    const revoking = { serviceAccount: 'pay-3', revokedServiceAccounts: ['pay', later('pay-2')] };
    const resources = await registered(() => new MeshVmGroup('pay', groupArgs(revoking)));
    expect(named(resources, 'AuthorizationPolicy istio-system/meshvm.payments.pay.revoked').inputs.spec).toStrictEqual({
      action: 'DENY',
      rules: [
        {
          from: [
            { source: { principals: ['cluster.local/ns/payments/sa/pay', 'cluster.local/ns/payments/sa/pay-2'] } },
          ],
        },
      ],
    });
    const own = { serviceAccount: 'pay', revokedServiceAccounts: ['pay'] };
    expect(await refusal(() => new MeshVmGroup('pay', groupArgs(own)))).toStrictEqual([
      'revokedServiceAccounts[0] [machine/revoked-service-account-in-use]',
    ]);
  });

  test('tells new machines where the cluster is', async () => {
    const userData = { ...USER_DATA, apiServer: later(USER_DATA.apiServer), format: UserDataFormatKind.ShellScript };
    const { value } = await runProgram(async () => {
      const group = new MeshVmGroup('pay', joiningArgs({ userData }));
      return { ofInputs: await settled(group.userData) };
    });
    const { value: plain } = await runProgram(async () => {
      const known = { ...userData, apiServer: USER_DATA.apiServer };
      return { ofInputs: await settled(new MeshVmGroup('pay', joiningArgs({ userData: known })).userData) };
    });
    expect(value).toStrictEqual(plain);
    expect(plain.ofInputs).toContain('"apiServer":"https://api.acme.example"');
  });

  test('takes an EastWestGateway, or what is known of one', async () => {
    const resources = await registered(() => {
      const gateway = new EastWestGateway('edge', gatewayArgs({ name: 'edge', namespace: later('gateways') }));
      new MeshVmGroup('pay', joiningArgs({ gateway }));
    });
    expect(named(resources, 'pay-GatewayRole').inputs).toMatchObject({
      metadata: { namespace: 'gateways' },
      rules: [{ resources: ['services'], resourceNames: ['edge'], verbs: ['get'] }],
    });
    expect(
      JSON.parse(named(resources, 'ConfigMap payments/pay-bootstrap').inputs.data['settings.json']).gateway,
    ).toStrictEqual({
      namespace: 'gateways',
      service: 'edge',
    });
  });

  test('gives a machine with a fixed address what it needs to stand behind its Services', async () => {
    const resources = await registered(() => {
      const { namespace, serviceAccount } = new MeshVmGroup('pay', groupArgs());
      const there = { namespace, createNamespace: false, serviceAccount, createServiceAccount: false };
      new MeshVm('seven', vmArgs({ ...there, canonicalService: 'pay', version: 'seven', services: [] }));
    });
    expect(named(resources, 'WorkloadEntry payments/seven').inputs).toMatchObject({
      metadata: { namespace: 'payments' },
      spec: { serviceAccount: 'pay', labels: { app: 'pay' } },
    });
  });
});

describe('MeshVmGroup hands on', () => {
  test('what it depends on to each of its resources', async () => {
    const resources = await registered(() => {
      const crds = new k8s.core.v1.ConfigMap('crds');
      new MeshVmGroup('pay', groupArgs(), { dependsOn: crds });
      new MeshVmGroup('shop', groupArgs({ createNamespace: false }), { dependsOn: [later(crds)] });
    });
    const children = resources.filter(({ parent }) => parent === 'pay' || parent === 'shop');
    expect(children).toHaveLength(7);
    for (const { name, dependencies } of children)
      expect([name, dependencies.includes('crds')]).toStrictEqual([name, true]);
  });

  test('its provider', async () => {
    const resources = await registered(() => {
      const one = new k8s.Provider('one', { context: 'one' });
      const two = new k8s.Provider('two', { context: 'two' });
      new MeshVmGroup('pay', groupArgs(), { provider: one });
      new MeshVmGroup('shop', groupArgs({ namespace: 'shop' }), { providers: { kubernetes: two } });
      const parent = new ComponentResource('acme:index:Team', 'team', {}, { providers: [two] });
      new MeshVmGroup('team-vms', groupArgs({ namespace: 'team' }), { parent });
    });
    const providersOf = (component: string) =>
      new Set(
        resources
          .filter(({ parent }) => parent === component)
          .map(({ provider }) => provider.replace(/.*::(\w+)::.*/, '$1')),
      );
    expect(providersOf('pay')).toStrictEqual(new Set(['one']));
    expect(providersOf('shop')).toStrictEqual(new Set(['two']));
    expect(providersOf('team-vms')).toStrictEqual(new Set(['two']));
    expect(named(resources, 'team-vms').parent).toBe('team');
  });

  test('transformations', async () => {
    const resources = await registered(
      () =>
        new MeshVmGroup('pay', groupArgs(), {
          transformations: [
            ({ type, props, opts }) =>
              type === 'kubernetes:core/v1:Service'
                ? { props: { ...props, metadata: { ...props.metadata, labels: { transformed: 'yes' } } }, opts }
                : undefined,
          ],
        }),
    );
    expect(named(resources, 'Service payments/pay').inputs.metadata.labels).toStrictEqual({ transformed: 'yes' });
  });

  test('transforms to the engine, which applies them to what is under the component', async () => {
    const transform = () => undefined;
    const sent: unknown[] = [];
    await registered(() => {
      // As if an engine were there; mocks know no transforms.
      const callbacks = {
        awaitStackRegistrations: async () => undefined,
        shutdown: () => undefined,
        registerTransform: async (each: unknown) => {
          sent.push(each);
          return new Callback();
        },
      };
      const { getStore } = jest.requireActual<{ getStore(): object }>('@pulumi/pulumi/runtime/state');
      Object.assign(getStore(), { supportsTransforms: true, callbacks });
      new MeshVmGroup('pay', groupArgs(), { transforms: [transform] });
    });
    expect(sent).toStrictEqual([transform]);
  });

  test('its former names, which tell the engine whose resources its own were', async () => {
    const resources = await registered(
      () => new MeshVmGroup('pay', groupArgs(), { aliases: [{ name: 'payments' }, { name: 'billing' }] }),
    );
    const aliases = named(resources, 'pay').aliases as readonly { readonly spec: { readonly name: string } }[];
    expect(aliases.map(({ spec }) => spec.name)).toStrictEqual(['payments', 'billing']);
  });
});

describe('MeshVmGroup refuses', () => {
  const refused = (args: Partial<MeshVmGroupArgs>) => refusal(() => new MeshVmGroup('pay', joiningArgs(args)));

  test('everything that is wrong at once, each with its path, before it registers anything', async () => {
    expect(
      await refused({
        mesh: meshArgs({
          meshId: '"',
          revision: { tag: 'B' },
          istiodAccess: { dnsName: 'not a name' },
          istioVersion: '1',
        }),
        namespace: 'Payments',
        network: { flat: { cidrs: ['10.20.0.0/33'] } },
        ports: [{ name: 'http', port: 0 }],
        probe: { httpGet: { port: 8080 }, tcpSocket: { port: 8080 } },
        identity: { eks: { cluster: '' }, gke: undefined },
        bootstrap: { tokenLifetimeSeconds: 1, sidecarPackage: { published: { baseUrl: 'http://mirror' } } },
        userData: { ...USER_DATA, apiServer: 'http://api', application: { packages: ['a b'] } },
        labels: { app: 'x' },
        weight: 0,
      }),
    ).toStrictEqual([
      'userData.apiServer [user-data/api-server]',
      'userData.application.packages[0] [user-data/package]',
      'mesh.meshId [mesh/id]',
      'mesh.revision.tag [name/dns-label]',
      'mesh.istioVersion [mesh/istio-version]',
      'mesh.istiodAccess.dnsName [name/host]',
      'namespace [name/dns-label]',
      'labels["app"] [label/owned-by-meshvm]',
      'ports[0].port [port/number]',
      'network.flat.cidrs[0] [address/cidr]',
      'weight [machine/weight]',
      'probe [probe/one-method]',
      'bootstrap.tokenLifetimeSeconds [bootstrap/seconds]',
      'identity.eks.cluster [property/required]',
      'bootstrap.sidecarPackage.published.baseUrl [package/base-url]',
    ]);
  });

  test('a choice that is none, or more than one', async () => {
    const services = [
      { name: 'pay', ports: [{ name: 'http', port: 80, targetPort: { named: 'http', number: 8080 } }] },
    ];
    const identity = { tokenFile: { path: '/t', subject: {} } };
    expect(await refused({ network: {}, services, identity, bootstrap: { sidecarPackage: {} } })).toStrictEqual([
      'network [shape/choice]',
      'identity.tokenFile.subject [shape/choice]',
      'services[0].ports[0].targetPort [shape/choice]',
      'bootstrap.sidecarPackage [shape/choice]',
    ]);
  });

  test('to say of a namespace that is there whether pods are injected', async () => {
    expect(await refused({ createNamespace: false, injectPods: true })).toStrictEqual([
      'injectPods: it needs createNamespace; whoever creates the namespace says whether pods are injected',
    ]);
  });

  test('a group that another of the program would be taken for', async () => {
    await registered(() => {
      new MeshVmGroup('pay', groupArgs());
      expect(() => new MeshVmGroup('twin', groupArgs({ canonicalService: 'pay' }))).toThrow('group/same-labels');
    });
    await registered(() => new MeshVmGroup('twin', groupArgs({ canonicalService: 'pay' })));
  });
});

describe('Values that are known only later', () => {
  test('stand in exactly the inputs that derive from them', async () => {
    const args = joiningArgs({
      labels: { team: later('money') },
      network: { flat: { cidrs: [later('10.9.0.0/16')] } },
    });
    const known = joiningArgs({ labels: { team: 'money' }, network: { flat: { cidrs: ['10.9.0.0/16'] } } });
    const inputs = async (each: MeshVmGroupArgs) =>
      Object.fromEntries(
        (await registered(() => new MeshVmGroup('pay', each))).map(({ name, inputs }) => [name, inputs]),
      );
    expect(await inputs(args)).toStrictEqual(await inputs(known));
  });

  test('leave the rest known in a preview', async () => {
    const resources = await registered(
      () => new MeshVmGroup('pay', joiningArgs({ network: { flat: { cidrs: [unknown()] } }, weight: unknown() })),
      { preview: true },
    );
    const policy = named(resources, 'ValidatingAdmissionPolicy meshvm.payments.pay.registration').inputs;
    expect(policy.metadata).toStrictEqual({ name: 'meshvm.payments.pay.registration' });
    expect(JSON.stringify(policy)).not.toContain('deferred');
    expect(named(resources, 'WorkloadGroup payments/pay').inputs.spec.template).toMatchObject({
      weight: UNKNOWN,
      serviceAccount: 'pay',
    });
    expect(named(resources, 'Service payments/pay').inputs.spec.selector).toStrictEqual({ app: 'pay' });
    expect(resources).toHaveLength(21);
  });

  test('stay secret in exactly the inputs and outputs that derive from them', async () => {
    const { value, resources } = await runProgram(async () => {
      const { caCertificate } = USER_DATA;
      const group = new MeshVmGroup(
        'pay',
        joiningArgs({
          labels: { team: secret('money') },
          userData: { apiServer: secret(USER_DATA.apiServer), caCertificate },
        }),
      );
      const entries = Object.entries(group).filter(([, output]) => Output.isInstance(output));
      const found = await Promise.all(entries.map(async ([key, output]) => [key, await output.isSecret]));
      return found.filter(([, isSecret]) => isSecret).map(([key]) => key);
    });
    expect([...value].sort()).toStrictEqual(['labels', 'userData']);
    const secrets = resources.filter((resource) => resource.secrets.length > 0).map((r) => [r.name, r.secrets]);
    // The policies compare what a machine registers with the group's labels.
    expect(secrets.sort()).toStrictEqual([
      ['ConfigMap payments/pay-bootstrap', ['data']],
      ['ValidatingAdmissionPolicy meshvm.payments.pay.application', ['spec']],
      ['ValidatingAdmissionPolicy meshvm.payments.pay.registration', ['spec']],
      ['WorkloadGroup payments/pay', ['spec']],
    ]);
  });

  test.each<[string, Partial<MeshVmGroupArgs>, string]>([
    ['a namespace that breaks out of a policy', { namespace: later(EVIL_CEL) }, 'namespace'],
    [
      'a range that breaks out of a policy',
      { network: { flat: { cidrs: [later(EVIL_CEL)] } } },
      'network.flat.cidrs[0]',
    ],
    ['a label that breaks out of cluster.env', { labels: { team: later("x'; rm -rf /") } }, 'labels["team"]'],
    ['a network', { mesh: meshArgs({ network: later("x'; rm -rf /") }) }, 'mesh.network'],
    ['a mesh ID', { mesh: meshArgs({ meshId: later('x"\nISTIO_META: y') }) }, 'mesh.meshId'],
    ['a trust domain', { mesh: meshArgs({ trustDomain: later('$(reboot)') }) }, 'mesh.trustDomain'],
    ['a ServiceAccount', { serviceAccount: later(EVIL_CEL) }, 'serviceAccount'],
    [
      'a group of the API server',
      { identity: { eks: { cluster: 'c', kubernetesGroup: later('system:masters') } } },
      'identity.eks.kubernetesGroup',
    ],
    ['an API server', { userData: { ...USER_DATA, apiServer: later("https://x'; rm -rf /") } }, 'userData.apiServer'],
  ])('are refused by the same checks: %s', async (_, args, path) => {
    const seen: string[] = [];
    const errors = await failureOf(
      () => {
        const { userData } = new MeshVmGroup('pay', joiningArgs(args));
        userData.apply((text) => void seen.push(text));
      },
      {
        state: ({ inputs }) => {
          seen.push(JSON.stringify(inputs));
          return {};
        },
      },
    );
    const paths = errors.flatMap((error) => (error as { errors?: { propertyPath: string }[] }).errors ?? []);
    expect(new Set(paths.map(({ propertyPath }) => propertyPath))).toStrictEqual(new Set([path]));
    expect(
      seen.filter((text) => /x'; rm -rf|ISTIO_META: y|\$\(reboot|object\.x|system:masters/.test(text)),
    ).toStrictEqual([]);
  });

  test('are not shown in a refusal when they are secret', async () => {
    const errors = await failureOf(
      () => new MeshVmGroup('pay', joiningArgs({ labels: { team: secret('Pa$$w0rd!') } })),
    );
    expect(errors.length).toBeGreaterThan(0);
    for (const { message } of errors) {
      expect(message).toContain('labels["team"]: a value is not allowed');
      expect(message).not.toContain('Pa$$w0rd!');
    }
  });

  test('do not decide whether something is there', async () => {
    const weight = later(undefined as unknown as number);
    const errors = await failureOf(() => new MeshVmGroup('pay', groupArgs({ weight })));
    expect(errors.length).toBeGreaterThan(0);
    for (const { message } of errors) {
      expect(message).toContain(
        'objects.Resource.spec.template: it depends on a value that is known only at deployment',
      );
    }
  });
});
