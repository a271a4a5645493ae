import { type AwsLifecycleOptions, awsLifecycle } from '../../../lib/join/files/aws-lifecycle';
import { AWS_LIFECYCLE_PROGRAM } from '../../../lib/join/files/aws-lifecycle-program';

const OPTIONS: AwsLifecycleOptions = {
  autoScalingGroupName: 'payments-fleet',
  launchHookName: 'meshvm-launch',
  terminateHookName: 'meshvm-terminate',
  launchTimeoutSeconds: 1800,
  drainSeconds: 30,
  warmPool: false,
};
const owned = { owner: 'root:root', permissions: '0644' };

describe('the lifecycle of a machine in an Auto Scaling group', () => {
  test('is a program, its settings and a unit that starts beside the first stage', () => {
    const { files, units } = awsLifecycle(OPTIONS);
    const [settings, program, unit, ...others] = files;
    expect(settings).toStrictEqual({
      ...owned,
      path: '/etc/meshvm/aws-lifecycle.json',
      content:
        '{"autoScalingGroupName":"payments-fleet","launchHookName":"meshvm-launch","terminateHookName":"meshvm-terminate","launchTimeoutSeconds":1800,"drainSeconds":30}\n',
    });
    expect(program).toStrictEqual({
      path: '/usr/local/lib/meshvm/aws-lifecycle',
      content: AWS_LIFECYCLE_PROGRAM,
      encoding: 'gz+b64',
      owner: 'root:root',
      permissions: '0755',
    });
    expect({ ...unit, content: '' }).toStrictEqual({
      ...owned,
      path: '/etc/systemd/system/meshvm-aws-lifecycle.service',
      content: '',
    });
    expect(others).toStrictEqual([]);
    expect(units).toStrictEqual(['meshvm-aws-lifecycle.service']);
  });

  test('always restarts, and has no right but the one to use the network as the sidecar does', () => {
    const lines = awsLifecycle(OPTIONS).files[2].content.split('\n');
    for (const line of [
      'ExecStart=/usr/local/lib/meshvm/aws-lifecycle run',
      'Restart=always',
      'CapabilityBoundingSet=CAP_SETUID',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'StateDirectory=meshvm',
      'StateDirectoryMode=0700',
    ]) {
      expect(lines).toContain(line);
    }
  });

  test('holds back all that may join where there is a warm pool', () => {
    expect(awsLifecycle({ ...OPTIONS, warmPool: true }).files.slice(3)).toStrictEqual(
      ['meshvm-first-stage', 'meshvm-refresh', 'istio'].map((unit) => ({
        ...owned,
        path: `/etc/systemd/system/${unit}.service.d/20-meshvm-aws.conf`,
        content: '[Service]\nExecCondition=/usr/local/lib/meshvm/aws-lifecycle may-join\n',
      })),
    );
  });

  test('leaves out the hooks that there are not', () => {
    const { launchHookName, terminateHookName, ...others } = OPTIONS;
    const [settings] = awsLifecycle({ ...others, launchHookName: undefined }).files;
    expect(JSON.parse(settings.content)).toStrictEqual({
      autoScalingGroupName: 'payments-fleet',
      launchTimeoutSeconds: 1800,
      drainSeconds: 30,
    });
  });
});
