import { parse } from 'yaml';
import { awsLifecycle } from '../../lib/join/files/aws-lifecycle';
import type { UserDataExtras } from '../../lib/join/files/user-data';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { renderUserData } from '../../lib/join/render-user-data';
import type { UserDataProps } from '../../lib/join/user-data';
import { UserDataFormat } from '../../lib/join/user-data';
import type { Member } from '../../lib/machines/member';
import { problemsOf } from '../fixtures';
import { SIDECAR, userDataProps } from './fixtures';

const member = { namespace: 'payments', name: 'payment-service' } as Member;
const lifecycle = awsLifecycle({
  autoScalingGroupName: 'payments-fleet-3f2a9c1',
  launchHookName: 'meshvm-launch',
  terminateHookName: 'meshvm-terminate',
  launchTimeoutSeconds: 1800,
  drainSeconds: 30,
  warmPool: true,
});

function render(props: Partial<UserDataProps> = {}, extras?: UserDataExtras): string {
  const identity = MachineIdentity.eks({ cluster: 'prod-eu' });
  return renderUserData('userData', member, { identity, sidecar: SIDECAR }, userDataProps(props), extras);
}

describe('user-data with more of meshvm', () => {
  test('has its files after ours and before those of the user, and starts its units after the commands of the user', () => {
    const props = { files: [{ path: '/opt/x', content: 'y' }], commands: ['date'] };
    const { write_files: files, runcmd } = parse(render(props, lifecycle));
    // Root owns them, which is what cloud-init does by itself.
    const own = lifecycle.files.map(({ owner: _, ...file }) => file);
    expect(files.slice(3)).toStrictEqual([...own, parse(render(props)).write_files[3]]);
    expect(runcmd).toStrictEqual([
      ['sh', '-c', 'date'],
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', '--no-block', 'meshvm-aws-lifecycle.service', 'meshvm-first-stage.service'],
    ]);
  });

  test('unpacks packed files in a shell script', () => {
    const text = render({ format: UserDataFormat.shellScript() }, lifecycle);
    expect(text).toMatch(
      /^echo \S+ \| base64 -d \| gzip -d \| put \/usr\/local\/lib\/meshvm\/aws-lifecycle 0755 root:root$/m,
    );
    expect(text).toContain(
      '  systemctl enable --now --no-block meshvm-aws-lifecycle.service meshvm-first-stage.service\n',
    );
  });

  test('of the lifecycle leaves a kilobyte of the 16 that EC2 takes as plain text', () => {
    expect(Buffer.byteLength(render({}, lifecycle))).toBeLessThanOrEqual(15 * 1024);
    expect(Buffer.byteLength(render({ format: UserDataFormat.shellScript() }, lifecycle))).toBeLessThanOrEqual(
      15 * 1024,
    );
  });

  test('does not let the user write its files', () => {
    const files = lifecycle.files.map(({ path }) => ({ path, content: '' }));
    expect(problemsOf(() => render({ files }, lifecycle))).toStrictEqual(
      files.map((_, index) => `files[${index}].path [user-data/file-of-meshvm]`),
    );
  });
});
