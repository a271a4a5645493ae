import { envoyFiles } from '../../../lib/standalone/envoy/files';
import { anEnvoy } from './spec';

describe('envoyFiles', () => {
  test('are the configuration, what it reads certificates by, and the names', () => {
    expect(Object.keys(envoyFiles(anEnvoy()))).toEqual(['envoy.yaml', 'certificate.yaml', 'roots.yaml', 'hosts']);
    expect(Object.keys(envoyFiles(anEnvoy({ writesHosts: false })))).not.toContain('hosts');
  });

  test('say whose they are, and are the same for the same machine', () => {
    const first = envoyFiles(anEnvoy());
    expect(first['envoy.yaml'].split('\n')[0]).toBe(
      '# Envoy of spiffe://cluster.local/ns/laptops/sa/laptop. Made by meshvm, which replaces it.',
    );
    expect(envoyFiles(anEnvoy())).toStrictEqual(first);
  });

  test('the admin interface is a socket of its user', () => {
    expect(envoyFiles(anEnvoy())['envoy.yaml']).toContain(`admin:
  address:
    pipe:
      path: /run/meshvm-envoy/admin.sock
      mode: 384
`);
  });
});
