import { registrationAdmissionPolicy } from '../../../lib/join/manifests/registration-admission-policy';
import { tokenAdmissionPolicy } from '../../../lib/join/manifests/token-admission-policy';
import { member } from '../../machines/member';

interface PolicySpec {
  readonly failurePolicy: string;
  readonly matchConditions: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly { readonly expression: string }[];
}

const specOf = ({ spec }: { readonly spec?: unknown }) => spec as PolicySpec;

// What the policies let through and refuse is tested on a real API server: test/mesh/bootstrap-access.test.ts.
describe('the policy on tokens', () => {
  test.each([
    ['Group', undefined, '(has(request.userInfo.groups) && "vm" in request.userInfo.groups)'],
    ['User', undefined, 'request.userInfo.username == "vm"'],
    ['ServiceAccount', 'machines', 'request.userInfo.username == "system:serviceaccount:machines:vm"'],
  ])("is for one ServiceAccount and the group's own %s", (kind, namespace, expression) => {
    const spec = specOf(tokenAdmissionPolicy(member, { kind, name: 'vm', namespace }, 'istio-ca'));
    expect(spec.failurePolicy).toBe('Fail');
    expect(spec.matchConditions).toStrictEqual([
      { name: 'service-account', expression: 'request.namespace == "payments" && request.name == "shop"' },
      { name: 'machine', expression },
    ]);
  });
});

describe('the policy on registrations', () => {
  test('takes no text for code', () => {
    const hostile = { ...member, serviceAccount: '" || true || "' };
    const { validations } = specOf(registrationAdmissionPolicy(hostile, ['10.0.0.0/8'], false));
    expect(validations.map(({ expression }) => expression).join('\n')).toContain('== "\\" || true || \\""');
  });

  test('refuses every address of a group without ranges', () => {
    const { validations } = specOf(registrationAdmissionPolicy(member, [], false));
    expect(validations.at(-1)?.expression).toContain('isIP(object.spec.address) && (false)');
  });
});
