import { accessLog, TCP_FIELDS } from '../../../lib/standalone/envoy/access-log';
import { anEnvoy } from './spec';

const TYPES = 'type.googleapis.com/envoy.extensions.access_loggers';
const log_format = { json_format: TCP_FIELDS };

test('standard output is not opened as a file: under systemd it is a socket', () => {
  expect(accessLog(anEnvoy({ accessLogPath: '/dev/stdout' }), TCP_FIELDS)).toStrictEqual([
    {
      name: 'envoy.access_loggers.stdout',
      typed_config: { '@type': `${TYPES}.stream.v3.StdoutAccessLog`, log_format },
    },
  ]);
});

test('a file', () => {
  expect(accessLog(anEnvoy({ accessLogPath: '/var/log/e' }), TCP_FIELDS)).toStrictEqual([
    {
      name: 'envoy.access_loggers.file',
      typed_config: { '@type': `${TYPES}.file.v3.FileAccessLog`, path: '/var/log/e', log_format },
    },
  ]);
});

test('none', () => {
  expect(accessLog(anEnvoy({ accessLogPath: undefined }), TCP_FIELDS)).toBeUndefined();
});
