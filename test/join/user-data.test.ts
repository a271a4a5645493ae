import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type Arbitrary, assert, constantFrom, property, record, string, tuple } from 'fast-check';
import { MeshVmGroup } from 'meshvm';
import { parse } from 'yaml';
import { signOf } from '../../lib/core/values/secrets';
import { agentSource } from '../../lib/join/agent-source';
import { CloudConfig } from '../../lib/join/cloud-config';
import { KubernetesSubject } from '../../lib/join/kubernetes-subject';
import { MachineIdentity } from '../../lib/join/machine-identity';
import type { UserDataProps } from '../../lib/join/user-data';
import { UserDataFormat } from '../../lib/join/user-data';
import { UserDataTarget } from '../../lib/join/user-data-target';
import { aChart, errorOf, groupProps, problemsOf } from '../fixtures';
import { CA, joiningGroup, userDataProps } from './fixtures';

const group = joiningGroup();
const render = (props: Partial<UserDataProps> = {}) => group.userData(userDataProps(props));
const problems = (props: Partial<UserDataProps>) => problemsOf(() => render(props));
const shellScript = UserDataFormat.shellScript();

describe('user-data', () => {
  test('says where the cluster is and who the machine is, and carries what fetches the agent', () => {
    const text = render();
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    const { write_files: files, runcmd, ...others } = parse(text);
    expect(others).toStrictEqual({});
    expect(files.map((file: { path: string; permissions: string }) => [file.path, file.permissions])).toStrictEqual([
      ['/etc/meshvm/join.json', '0644'],
      ['/usr/local/lib/meshvm/first-stage', '0755'],
      ['/etc/systemd/system/meshvm-first-stage.service', '0644'],
    ]);
    expect(JSON.parse(files[0].content)).toStrictEqual({
      schemaVersion: 1,
      apiServer: 'https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
      caCertificate: CA,
      namespace: 'payments',
      group: 'payment-service',
      credential: { kind: 'eks', cluster: 'prod-eu' },
      agentSha256: createHash('sha256').update(agentSource().agent).digest('hex'),
      sidecar: { verification: 'published', version: '1.31.1' },
    });
    expect(files[1].content).toBe(agentSource().firstStage);
    expect(runcmd).toStrictEqual([
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', '--no-block', 'meshvm-first-stage.service'],
    ]);
  });

  test('for machines with a kubeconfig carries the agent itself, whole, in both formats', () => {
    const subject = KubernetesSubject.user('vm');
    const byHand = joiningGroup({ identity: MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', subject }) });
    const files = parse(byHand.userData(userDataProps())).write_files as { path: string; content: string }[];
    expect(files.map(({ path, content }) => [path, content.length > 200 ? 'long' : content])).toStrictEqual([
      ['/usr/local/bin/meshvm', 'long'],
      ['/etc/meshvm/join.json', 'long'],
      ['/usr/local/lib/meshvm/first-stage', '#!/bin/sh\nexec /usr/local/bin/meshvm join\n'],
      ['/etc/systemd/system/meshvm-first-stage.service', 'long'],
    ]);
    const { agent } = agentSource();
    expect(files[0].content).toBe(agent);
    expect(JSON.parse(files[1].content).credential).toStrictEqual({ kind: 'kubeconfig', path: '/etc/kubeconfig' });
    expect(byHand.userData(userDataProps({ format: shellScript }))).toContain(agent);
  });

  test('of the default group is at most 8 KB, in both formats', () => {
    expect(Buffer.byteLength(render())).toBeLessThanOrEqual(8 * 1024);
    expect(Buffer.byteLength(render({ format: shellScript }))).toBeLessThanOrEqual(8 * 1024);
  });

  test('is the same text each time', () => {
    expect(render()).toBe(joiningGroup().userData(userDataProps()));
  });

  test('joins the lists of the user with ours in the order that is documented', () => {
    const cloudConfig = CloudConfig.fromYaml(
      [
        '#cloud-config',
        'packages: [nginx]',
        'runcmd: [echo one, [touch, "/tmp/a b"]]',
        'bootcmd: [date]',
        'write_files: [{path: /etc/theirs, content: x}]',
        'ssh_pwauth: no',
      ].join('\n'),
    );
    const files = [{ path: '/etc/mine', content: 'y', permissions: '0600' }];
    const document = parse(render({ cloudConfig, files, packages: ['jq'], commands: ['cd /srv', 'exit 3'] }));
    expect(document.packages).toStrictEqual(['nginx', 'jq']);
    expect(document.bootcmd).toStrictEqual(['date']);
    expect(document.ssh_pwauth).toBe(false);
    expect(document.write_files.slice(3)).toStrictEqual([
      { path: '/etc/theirs', content: 'x' },
      { path: '/etc/mine', content: 'y', permissions: '0600', owner: 'root:root' },
    ]);
    expect(document.runcmd[0]).toStrictEqual(['sh', '-c', "echo one\ntouch '/tmp/a b'\ncd /srv\nexit 3"]);
    expect(document.runcmd).toHaveLength(3);
  });

  test('is the same text where data says what factories say', () => {
    const packed = { target: UserDataTarget.ec2LaunchTemplate(), format: shellScript };
    const cloudConfig = CloudConfig.fromYaml('#cloud-config\nhostname: a\n');
    expect(render({ target: { ec2LaunchTemplate: true }, format: { shellScript: true } })).toBe(render(packed));
    expect(render({ cloudConfig: { object: { hostname: 'a' } } })).toBe(render({ cloudConfig }));
  });

  test('is base64 for what wants it', () => {
    const encoded = render({ target: UserDataTarget.ec2LaunchTemplate() });
    expect(Buffer.from(encoded, 'base64').toString()).toBe(render());
  });

  test('is compressed only above the limit, and only for cloud-init', () => {
    const files = [{ path: '/opt/app', content: `${'line of the application\n'.repeat(600)}` }];
    const packed = Buffer.from(render({ files, target: UserDataTarget.ec2LaunchTemplate() }), 'base64');
    expect(gunzipSync(packed).toString()).toBe(render({ files, target: UserDataTarget.file() }));
    expect(problems({ files, format: shellScript, target: UserDataTarget.ec2LaunchTemplate() })).toStrictEqual([
      'userData [user-data/too-large]',
    ]);
  });

  test('above the limit says what is large', () => {
    const files = [{ path: '/opt/app', content: 'x'.repeat(12_000) }];
    const { problems: found } = errorOf(() => render({ files }));
    expect(found[0].value).toMatch(/\/etc\/meshvm\/join.json \d+, .*first-stage \d+, .*\/opt\/app 12000; \d+ as text/);
    expect(found[0].allowed).toBe('at most 16384 bytes for Amazon EC2');
  });

  test('has the limit of the cloud that the identity names', () => {
    const files = [{ path: '/opt/app', content: 'x'.repeat(60_000) }];
    const gke = joiningGroup({ identity: MachineIdentity.gke({ serviceAccountEmail: 'a@b.iam.gserviceaccount.com' }) });
    expect(gke.userData(userDataProps({ files }))).toContain('x'.repeat(60_000));
    expect(problems({ files })).toStrictEqual(['userData [user-data/too-large]']);
  });
});

describe('user-data refuses', () => {
  test.each<[string, Partial<UserDataProps>, string]>([
    ['plain http', { apiServer: 'http://api' }, 'apiServer [user-data/api-server]'],
    ['a password in the address', { apiServer: 'https://u:p@api' }, 'apiServer [user-data/api-server]'],
    ['base64 in place of PEM', { caCertificate: 'LS0tLS1CRUdJTg==' }, 'caCertificate [user-data/ca-certificate]'],
    [
      'a key beside the certificate',
      { caCertificate: `${CA}-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n` },
      'caCertificate [user-data/ca-certificate]',
    ],
    ['options as packages', { packages: ['--allow-downgrades'] }, 'packages[0] [user-data/package]'],
    ['a relative path', { files: [{ path: 'etc/a', content: '' }] }, 'files[0].path [user-data/file]'],
    [
      'a path upwards',
      { files: [{ path: '/opt/../etc/meshvm/join.json', content: '' }] },
      'files[0].path [user-data/file]',
    ],
    [
      'permissions that are a number for cloud-init',
      { files: [{ path: '/a', content: '', permissions: '644' }] },
      'files[0].permissions [user-data/file]',
    ],
    [
      "meshvm's own file",
      { files: [{ path: '/etc/meshvm/join.json', content: '' }] },
      'files[0].path [user-data/file-of-meshvm]',
    ],
    [
      "the sidecar's file",
      { files: [{ path: '/etc/istio/x', content: '' }] },
      'files[0].path [user-data/file-of-meshvm]',
    ],
    [
      'a user that the package makes',
      { files: [{ path: '/a', content: '', owner: 'istio-proxy:istio-proxy' }] },
      'files[0].owner [user-data/owner-not-there-yet]',
    ],
    [
      "meshvm's own file in a cloud-config",
      { cloudConfig: CloudConfig.fromObject({ write_files: [{ path: '/usr/local//bin/meshvm' }] }) },
      'cloudConfig.object.write_files[0].path [user-data/file-of-meshvm]',
    ],
    [
      'a cloud-config for a shell',
      { cloudConfig: CloudConfig.fromObject({ hostname: 'a' }), format: shellScript },
      'cloudConfig [user-data/cloud-config-in-script]',
    ],
  ])('%s', (_, props, problem) => {
    expect(problems(props)).toStrictEqual([problem]);
  });

  test('everything at once, nothing hiding the rest', () => {
    const cloudConfig = CloudConfig.fromYaml('#!/bin/sh');
    expect(problems({ apiServer: 'api', packages: ['-y'], cloudConfig })).toStrictEqual([
      'apiServer [user-data/api-server]',
      'packages[0] [user-data/package]',
      'cloudConfig.yaml [user-data/cloud-config]',
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no properties at all', undefined, ' [shape/type]'],
    ['a missing address', { caCertificate: CA }, 'apiServer [shape/missing]'],
    ['a string where a list belongs', userDataProps({ packages: 'jq' as unknown as [] }), 'packages [shape/type]'],
    [
      'permissions as a number',
      { ...userDataProps(), files: [{ path: '/a', content: '', permissions: 644 }] },
      'files[0].permissions [shape/type]',
    ],
    ['a target by its name', { ...userDataProps(), target: 'ec2' }, 'target [shape/type]'],
    [
      'a target that nobody knows',
      { ...userDataProps(), target: { gce: true } },
      'target.gce [shape/unknown-property]',
    ],
  ])('%s', (_, props, problem) => {
    expect(problemsOf(() => group.userData(props as UserDataProps))).toStrictEqual([problem]);
  });

  test('a property that nobody knows, and says which one may be meant', () => {
    const { problems: found } = errorOf(() => group.userData({ ...userDataProps(), package: ['jq'] } as UserDataProps));
    expect(found).toMatchObject([
      { id: 'shape/unknown-property', property: 'package', remedy: 'did you mean packages?' },
    ]);
  });

  test('a group without an identity', () => {
    const plain = new MeshVmGroup(aChart(), 'shop', groupProps());
    expect(problemsOf(() => plain.userData(userDataProps()))).toStrictEqual(['identity [user-data/no-identity]']);
  });

  test.each([
    ['a template', '## template: jinja\n#cloud-config\nhostname: x\n'],
    ['an include', '#include\nhttps://example.com/x\n'],
    ['a script', '#!/bin/sh\ntrue\n'],
    ['a list', '#cloud-config\n- a\n'],
    ['text that is no YAML', '#cloud-config\na: [\n'],
  ])('%s in place of a cloud-config', (_, text) => {
    expect(problems({ cloudConfig: CloudConfig.fromYaml(text) })).toStrictEqual([
      'cloudConfig.yaml [user-data/cloud-config]',
    ]);
  });

  test('lists that are none, and instructions for merging', () => {
    const wrong = { runcmd: 'date', merge_how: 'list(append)' };
    expect(problems({ cloudConfig: CloudConfig.fromObject(wrong) })).toStrictEqual([
      'cloudConfig.object.runcmd [user-data/cloud-config-list]',
      'cloudConfig.object.merge_how [user-data/cloud-config-merge]',
    ]);
    expect(problems({ cloudConfig: CloudConfig.fromYaml('#cloud-config\nwrite_files: {}\n') })).toStrictEqual([
      'cloudConfig.yaml.write_files [user-data/cloud-config-list]',
    ]);
  });
});

describe('no secret gets into user-data', () => {
  const secrets = [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEow',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl',
    'k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9u',
    'apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: abc\n',
    'users: [{user: {client-key-data: AAAA}}]',
    'AKIAIOSFODNN7EXAMPLE',
    'export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI',
    '{"type": "service_account", "private_key": "x"}',
    'ya29.a0AfH6SMBx-abcdef',
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'https://user:hunter2@repo.example.com/simple',
  ];
  /** The secret somewhere in a text, in plain, in base64, or in base64 of base64. */
  const hidden: Arbitrary<readonly [string, string]> = tuple(
    constantFrom(...secrets),
    string(),
    string(),
    constantFrom(0, 1, 2),
  ).map(([secret, before, after, times]) => {
    let text = `${before}\n${secret}\n${after}`;
    for (let i = 0; i < times; i++) text = Buffer.from(text).toString('base64');
    return [secret, text];
  });

  test('wherever the author puts one', () => {
    const places: readonly ((text: string) => Partial<UserDataProps>)[] = [
      (content) => ({ files: [{ path: '/opt/a', content }] }),
      (command) => ({ commands: ['true', command] }),
      (content) => ({
        cloudConfig: CloudConfig.fromObject({ write_files: [{ path: '/a', content, encoding: 'b64' }] }),
      }),
      (text) => ({ cloudConfig: CloudConfig.fromObject({ runcmd: [['echo', text]] }) }),
      (text) => ({ cloudConfig: CloudConfig.fromObject({ anything: { at: [{ all: text }] } }) }),
    ];
    assert(
      property(
        hidden,
        constantFrom(...places),
        constantFrom(UserDataFormat.cloudConfig(), shellScript),
        ([secret, text], place, format) => {
          const props = place(text.replaceAll('\0', ''));
          const error = errorOf(() => render({ ...props, format }));
          expect(error.problems.map(({ id }) => id)).toContain('user-data/secret');
          // The refusal itself does not repeat it either.
          const refusal = error.problems.filter(({ id }) => id === 'user-data/secret');
          expect(JSON.stringify(refusal)).not.toContain(secret);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('for any other properties: nothing in the result looks like one', () => {
    const subject = KubernetesSubject.user('vm');
    const identities = [
      MachineIdentity.eks({ cluster: 'prod-eu', region: 'eu-west-1' }),
      MachineIdentity.gke({ serviceAccountEmail: 'a@b.iam.gserviceaccount.com' }),
      MachineIdentity.aks({ objectId: '6dae42f8-4368-4678-94ff-3960e28e3630' }),
      MachineIdentity.tokenFile({ path: '/run/token', subject }),
    ].map((identity) => joiningGroup({ identity }));
    const props = record({
      packages: constantFrom([], ['jq']),
      commands: constantFrom([], ['date', 'echo "$TOKEN"', 'curl https://example.com:443/a@b']),
      format: constantFrom(UserDataFormat.cloudConfig(), shellScript),
    });
    assert(
      property(constantFrom(...identities), props, (one, extra) => {
        expect(signOf(one.userData(userDataProps(extra)))).toBeUndefined();
      }),
    );
  });
});
