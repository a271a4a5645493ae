import { type ApiObject, Chart } from 'cdk8s';
import type { MeshVmGroup, MeshVmGroupProps } from 'meshvm';
import * as pulumiFace from 'meshvm/pulumi';
import { errorOf, problemsOf } from '../fixtures';
import { joiningGroup, userDataProps } from '../join/fixtures';
import { joiningArgs, meshArgs, named, refusal, registered } from '../pulumi/fixtures';

/** Properties that no compiler has looked at. */
type Given = Readonly<Record<string, unknown>>;

const joining = (given: Given): MeshVmGroup => joiningGroup(given as Partial<MeshVmGroupProps>);
const inCdk8s = (given: Given) => problemsOf(() => joining(given));
const made = (given: Given) => new pulumiFace.MeshVmGroup('payment-service', joiningArgs(given));
const inPulumi = (given: Given) => refusal(() => made(given));

const subject = { group: 'machines' };

describe('what plain JavaScript, another language or YAML says of how machines join', () => {
  test.each<[string, Given, readonly string[]]>([
    ["identity: 'eks'", { identity: 'eks' }, ['identity [shape/type]']],
    ['an identity of no kind', { identity: {} }, ['identity [shape/choice]']],
    [
      'an identity of two kinds',
      { identity: { eks: { cluster: 'c' }, gke: { serviceAccountEmail: 'a@b.iam.gserviceaccount.com' } } },
      ['identity [shape/choice]'],
    ],
    ['no cluster', { identity: { eks: {} } }, ['identity.eks.cluster [shape/missing]']],
    ["identity: { eks: 'prod-eu' }", { identity: { eks: 'prod-eu' } }, ['identity.eks [shape/type]']],
    [
      "subject: 'machines'",
      { identity: { tokenFile: { path: '/run/token', subject: 'machines' } } },
      ['identity.tokenFile.subject [shape/type]'],
    ],
    [
      "serviceAccount: 'ci/vm' as a subject",
      { identity: { tokenFile: { path: '/run/token', subject: { serviceAccount: 'ci/vm' } } } },
      ['identity.tokenFile.subject.serviceAccount [shape/type]'],
    ],
    [
      'a string where a list belongs',
      { bootstrap: { excludeCidrs: '10.0.0.0/8' } },
      ['bootstrap.excludeCidrs [shape/type]'],
    ],
    ['seconds in a string', { bootstrap: { deadManSeconds: '300' } }, ['bootstrap.deadManSeconds [shape/type]']],
    ["dns: 'split'", { bootstrap: { dns: 'split' } }, ['bootstrap.dns [shape/type]']],
    [
      'everything at once',
      {
        identity: 'eks',
        bootstrap: { editors: 'argocd', sidecarPackage: { pinned: { debamd64: 'a' } }, hostFirewall: {} },
      },
      [
        'identity [shape/type]',
        'bootstrap.editors [shape/type]',
        'bootstrap.sidecarPackage.pinned.debamd64 [shape/unknown-property]',
        'bootstrap.hostFirewall.ssh [shape/missing]',
      ],
    ],
  ])('%s is one problem, in either face', async (_, given, problems) => {
    expect(inCdk8s(given)).toStrictEqual(problems);
    expect(await inPulumi(given)).toStrictEqual(problems);
  });

  test('a property that nobody knows is told what it may be called', async () => {
    const given = { bootstrap: { refreshIntervalSecs: 60 } };
    const [problem] = errorOf(() => joining(given)).problems;
    expect([problem.property, problem.remedy]).toStrictEqual([
      'bootstrap.refreshIntervalSecs',
      'did you mean refreshIntervalSeconds?',
    ]);
    await registered(() => {
      expect(() => made(given)).toThrow('did you mean refreshIntervalSeconds?');
    });
  });

  test('userData() without properties, and what Pulumi spells of it', async () => {
    expect(problemsOf(() => joiningGroup().userData(undefined as never))).toStrictEqual([' [shape/type]']);
    const given = { target: 'ec2', packages: ['jq'], application: { comands: ['date'], files: 'x' } };
    expect(await inPulumi({ userData: { ...userDataProps(), ...given } })).toStrictEqual([
      'userData.target [shape/value]',
      'userData.packages [shape/unknown-property]',
      'userData.application.comands [shape/unknown-property]',
      'userData.application.files [shape/type]',
    ]);
    expect(await inPulumi({ userData: {} })).toStrictEqual([
      'userData.apiServer [shape/missing]',
      'userData.caCertificate [shape/missing]',
    ]);
  });

  test('data says what factories say, in either face', async () => {
    const given = {
      identity: { tokenFile: { path: '/run/token', subject } },
      bootstrap: {
        sidecarPackage: { preinstalled: true },
        editors: [{ serviceAccount: { namespace: 'ci', name: 'argo' } }],
      },
    };
    const all = Chart.of(joining(given)).toJson() as (ApiObject & {
      readonly data: Readonly<Record<string, string>>;
    })[];
    const [bundle] = all.filter(({ kind }) => kind === 'ConfigMap');
    const mesh = meshArgs({ istiodAccess: { dnsName: 'istiod.mesh.example.com' } });
    const resources = await registered(() => made({ ...given, mesh, gateway: undefined }));
    expect(named(resources, 'ConfigMap payments/payment-service-bootstrap').inputs.data).toStrictEqual(bundle.data);
    expect(JSON.parse(bundle.data['settings.json']).istio).toMatchObject({ verification: 'preinstalled' });
  });
});

describe('a secret in a place where none belongs', () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl';
  const kubeconfig = `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: ${token}\n`;

  test.each<[string, Given]>([
    ['a kubeconfig for an identity', { identity: kubeconfig }],
    ['a kubeconfig for where one lies', { identity: { kubeconfig } }],
    ['a token beside its file', { identity: { tokenFile: { path: '/run/token', subject, token } } }],
    ['a token in a choice of two', { identity: { tokenFile: { path: token, subject }, gke: { token } } }],
    ['a list of tokens', { identity: { eks: [token] } }],
  ])('is refused, and not repeated: %s', async (_, given) => {
    expect(errorOf(() => joining(given)).message).not.toContain('eyJ');
    await registered(() => {
      expect(messageOf(() => made(given))).toMatch(/^(?![\s\S]*eyJ)[\s\S]*\[shape\//);
    });
  });
});

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
