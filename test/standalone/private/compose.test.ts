import { parse } from 'yaml';
import { Problems } from '../../../lib/core/problems';
import { composeFile } from '../../../lib/standalone/envoy/compose';
import { checkCompose, resolveCompose } from '../../../lib/standalone/private/compose';
import type { StandaloneComposeProps } from '../../../lib/standalone/standalone-compose';
import { anEnvoy } from '../envoy/spec';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const PROPS: StandaloneComposeProps = { image: `envoyproxy/envoy@${DIGEST}`, service: 'app', user: '1000:1000' };

function refusal(props: Partial<StandaloneComposeProps>): readonly string[] {
  const problems = new Problems();
  checkCompose(problems, resolveCompose(anEnvoy(), { ...PROPS, ...props }));
  return problems.all.map(({ id, property }) => `${property} [${id}]`);
}

const START = `set -u
for file in /etc/meshvm-envoy/certificates/cert-chain.pem /etc/meshvm-envoy/certificates/key.pem /etc/meshvm-envoy/certificates/root-cert.pem; do
  told=
  until [ -s "$$file" ] && [ -r "$$file" ]; do
    [ -n "$$told" ] || echo "meshvm: waiting for $$file"
    told=yes
    sleep 1
  done
done
exec /usr/local/bin/envoy --disable-hot-restart --log-level warning -c /etc/meshvm-envoy/envoy.yaml
`;

function bind(source: string, target: string) {
  return { type: 'bind', source, target, read_only: true, bind: { create_host_path: false } };
}

test('Envoy shares the network of the service, and has no rights', () => {
  expect(parse(composeFile(resolveCompose(anEnvoy(), PROPS)))).toStrictEqual({
    services: {
      app: {
        extra_hosts: {
          'catalog.shop.svc.cluster.local': '127.0.0.1',
          'catalog.shop.svc': '127.0.0.1',
          'catalog.shop': '127.0.0.1',
        },
      },
      'meshvm-envoy': {
        image: PROPS.image,
        network_mode: 'service:app',
        user: '1000:1000',
        entrypoint: ['/bin/sh', '-c', START],
        volumes: [
          bind('./meshvm-envoy/envoy.yaml', '/etc/meshvm-envoy/envoy.yaml'),
          bind('./meshvm-envoy/certificate.yaml', '/etc/meshvm-envoy/certificate.yaml'),
          bind('./meshvm-envoy/roots.yaml', '/etc/meshvm-envoy/roots.yaml'),
          bind('./certificates', '/etc/meshvm-envoy/certificates'),
        ],
        tmpfs: ['/run/meshvm-envoy:mode=0700,uid=1000,gid=1000'],
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
        healthcheck: {
          test: [
            'CMD',
            'bash',
            '-c',
            "exec 3<>/dev/tcp/127.0.0.1/15000 && printf 'GET /ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q LIVE <&3",
          ],
          interval: '10s',
          timeout: '3s',
          retries: 3,
          start_period: '10s',
        },
      },
    },
  });
});

test('without a hosts block the service of the user is left as it is', () => {
  const { services } = parse(composeFile(resolveCompose(anEnvoy({ writesHosts: false }), PROPS))) as {
    services: object;
  };
  expect(Object.keys(services)).toStrictEqual(['meshvm-envoy']);
});

test.each([`docker.io/envoyproxy/envoy:v1.38.3@${DIGEST}`, `registry.example.com:5000/a/b_c/d--e@${DIGEST}`])(
  'the image %s is pinned',
  (image) => {
    expect(refusal({ image })).toStrictEqual([]);
  },
);

test.each(['envoyproxy/envoy:v1.38.3', 'envoyproxy/envoy@sha256:0a', `Envoy@${DIGEST}`, `envoy @${DIGEST}`, DIGEST])(
  'the image %s is not',
  (image) => {
    expect(refusal({ image })).toStrictEqual(['image [compose/image]']);
  },
);

test('everything else that is wrong, at once', () => {
  expect(
    refusal({ service: 'meshvm-envoy', user: '0:0', configuration: 'envoy', certificates: './a$b' }),
  ).toStrictEqual([
    'service [compose/service]',
    'user [compose/user]',
    'configuration [compose/folder]',
    'certificates [compose/folder]',
  ]);
});
