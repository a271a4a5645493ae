import { envoyInFolder } from '../../../lib/standalone/envoy/envoy-in-folder';
import { anEnvoy } from './spec';

test('everything that Envoy opens lies in the other folder', () => {
  expect(envoyInFolder(anEnvoy({ accessLogPath: '/var/log/e.log' }), '/tmp/x')).toStrictEqual(
    anEnvoy({
      directory: '/tmp/x',
      adminSocket: '/tmp/x/admin.sock',
      tls: { ...anEnvoy().tls, directory: '/tmp/x/certificates' },
      accessLogPath: '/tmp/x/access.log',
    }),
  );
});

test.each([undefined, '/dev/stdout'])('the access log %s stays', (accessLogPath) => {
  expect(envoyInFolder(anEnvoy({ accessLogPath }), '/tmp/x').accessLogPath).toBe(accessLogPath);
});
