import { SshAccess } from '../../lib/join/host-firewall';
import { problemsOf } from '../fixtures';

describe('SshAccess', () => {
  test('names the ranges from which operators come', () => {
    expect(SshAccess.from(['10.0.0.0/8', 'fd00::/8']).cidrs).toStrictEqual(['10.0.0.0/8', 'fd00::/8']);
  });

  test('is closed only when somebody says so', () => {
    expect(SshAccess.closed().cidrs).toStrictEqual([]);
    expect(problemsOf(() => SshAccess.from([]))).toStrictEqual(['cidrs [host-firewall/ssh]']);
  });

  test.each(['10.0.0.0', '10.0.0.1/8', 'fd00::/129', 'office', '10.0.0.0/8 }'])('refuses the range %j', (cidr) => {
    expect(problemsOf(() => SshAccess.from(['10.0.0.0/8', cidr]))).toStrictEqual(['cidrs[1] [address/cidr]']);
  });
});
