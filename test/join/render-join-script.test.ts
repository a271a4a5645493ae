import { MeshVmGroup } from 'meshvm';
import type { JoinScriptProps } from '../../lib/join/join-script';
import { KubernetesSubject } from '../../lib/join/kubernetes-subject';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { UserDataFormat } from '../../lib/join/user-data';
import { aChart, groupProps, problemsOf } from '../fixtures';
import { joiningGroup, userDataProps } from './fixtures';

const group = joiningGroup();
const render = (props: Partial<JoinScriptProps> = {}) => group.joinScript({ ...userDataProps(), ...props });

/** The steps of a script in their order, without what files hold. */
function stepsOf(script: string): readonly string[] {
  const main = script.slice(script.indexOf('\nmain() {'));
  return main
    .split('\n')
    .filter((line) => /^(read_arguments|put|add_packages|run_once|enable_unit|join_mesh) /.test(line));
}

test('puts the files in place, adds packages, runs commands, enables the unit, and joins, in this order', () => {
  const steps = stepsOf(
    render({
      files: [{ path: '/opt/a file', content: 'abc', permissions: '0600', owner: 'daemon:daemon' }],
      packages: ['jq', 'libpq5=15'],
      commands: ["echo 'a'"],
    }),
  );
  expect(steps.map((step) => step.replaceAll(/[0-9a-f]{16,64}/g, 'HASH'))).toStrictEqual([
    'read_arguments "$@"',
    expect.stringMatching(/^put \/etc\/meshvm\/join.json 644 root:root HASH \d+ <<'MESHVM_END'$/),
    expect.stringMatching(/^put \/usr\/local\/lib\/meshvm\/first-stage 755 root:root HASH \d+ <<'MESHVM_END'$/),
    expect.stringMatching(
      /^put \/etc\/systemd\/system\/meshvm-first-stage.service 644 root:root HASH \d+ <<'MESHVM_END'$/,
    ),
    "put '/opt/a file' 600 daemon:daemon HASH 3 <<'MESHVM_END'",
    'add_packages jq libpq5=15',
    "run_once /var/lib/meshvm/user-data-HASH 'echo '\\''a'\\'''",
    'enable_unit meshvm-first-stage.service',
    'join_mesh payments/payment-service',
  ]);
});

test('takes commands for run where the user-data of the same packages and commands ran them', () => {
  const told = { packages: ['jq'], commands: ['date'] };
  const userData = group.userData(userDataProps({ ...told, format: UserDataFormat.shellScript() }));
  const [, file] = /^once=(\S+)$/m.exec(userData) as unknown as [string, string];
  expect(stepsOf(render(told))).toContain(`run_once ${file} 'date'`);
});

test('ends a file with a word that is not in it', () => {
  const files = [{ path: '/opt/x', content: 'a\nMESHVM_END\nb\nMESHVM_END_' }];
  expect(render({ files })).toMatch(
    /^put \/opt\/x .* 26 <<'MESHVM_END__'\na\nMESHVM_END\nb\nMESHVM_END_\nMESHVM_END__$/m,
  );
});

test('carries the agent for machines with a kubeconfig', () => {
  const identity = MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', subject: KubernetesSubject.user('vm') });
  expect(stepsOf(joiningGroup({ identity }).joinScript(userDataProps()))[1]).toMatch(
    /^put \/usr\/local\/bin\/meshvm 755 /,
  );
});

test('is the same text each time', () => {
  expect(render()).toBe(joiningGroup().joinScript(userDataProps()));
});

test('refuses what user-data refuses, and what only user-data has', () => {
  const files = [
    { path: '/etc/meshvm/join.json', content: '' },
    { path: '/opt/key', content: '-----BEGIN RSA PRIVATE KEY-----\nMIIEow' },
  ];
  expect(problemsOf(() => render({ apiServer: 'http://api', packages: ['-y'], files }))).toStrictEqual([
    'apiServer [user-data/api-server]',
    'packages[0] [user-data/package]',
    'files[0].path [user-data/file-of-meshvm]',
    expect.stringMatching(/^files\[1\]\.content \[/),
  ]);
  const format = UserDataFormat.shellScript();
  expect(problemsOf(() => render({ format } as Partial<JoinScriptProps>))).toStrictEqual([
    'format [shape/unknown-property]',
  ]);
  const plain = new MeshVmGroup(aChart(), 'shop', groupProps());
  expect(problemsOf(() => plain.joinScript(userDataProps()))).toStrictEqual(['identity [user-data/no-identity]']);
});
