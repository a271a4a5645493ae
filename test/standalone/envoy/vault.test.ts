import fc from 'fast-check';
import {
  pkiRole,
  type VaultSpec,
  vaultAgentConfig,
  vaultAgentUnit,
  vaultPolicy,
  vaultWrites,
} from '../../../lib/standalone/envoy/vault';
import { ROOT } from '../../core/certificate-fixtures';

const spec: VaultSpec = {
  identity: 'spiffe://cluster.local/ns/laptops/sa/laptop',
  address: 'https://vault.example.com:8200',
  namespace: undefined,
  caFile: undefined,
  pkiMount: 'pki',
  role: 'laptops.laptop',
  lifetimeSeconds: 86400,
  auth: {
    method: 'aws',
    mount: 'aws',
    config: { type: 'iam', region: undefined },
    boundTo: { auth_type: 'iam', bound_iam_principal_arn: ['arn:aws:iam::123456789012:role/laptops'] },
  },
  identityFile: '/etc/meshvm-envoy/certificates/identity.pem',
  rootsFile: '/etc/meshvm-envoy/certificates/root-cert.pem',
  roots: [ROOT],
};

test('the PKI role signs one URI and no other name', () => {
  const role = pkiRole(spec);
  const open = Object.entries(role).filter(([key, value]) => /^(allow|require)/.test(key) && value === true);
  expect(open).toStrictEqual([]);
  const names = Object.entries(role).filter(([key, value]) => /^allowed_/.test(key) && Array.isArray(value));
  expect(names.filter(([, value]) => (value as string[]).length > 0)).toStrictEqual([
    ['allowed_uri_sans', [spec.identity]],
  ]);
  expect(role).toMatchObject({ client_flag: true, server_flag: true, ttl: '86400s', max_ttl: '86400s' });
});

test('the policy allows that role alone', () => {
  expect(vaultPolicy(spec)).toBe(`# Certificates of spiffe://cluster.local/ns/laptops/sa/laptop, and nothing else.
path "pki/issue/laptops.laptop" {
  capabilities = ["update"]
}
`);
});

test('the role of the auth method gives the policy and nothing else, to whom it is bound', () => {
  const [, policy, login] = vaultWrites(spec);
  expect(policy.data).toStrictEqual({ policy: vaultPolicy(spec) });
  expect(login).toStrictEqual({
    path: 'auth/aws/role/laptops.laptop',
    data: {
      auth_type: 'iam',
      bound_iam_principal_arn: ['arn:aws:iam::123456789012:role/laptops'],
      token_policies: ['laptops.laptop'],
      token_no_default_policy: true,
      token_type: 'batch',
      token_ttl: 3600,
    },
  });
});

test('a token in a file needs no login', () => {
  const auth = {
    method: 'token_file',
    mount: undefined,
    config: { token_file_path: '/run/token' },
    boundTo: undefined,
  };
  expect(vaultWrites({ ...spec, auth }).map(({ path }) => path)).toStrictEqual([
    'pki/roles/laptops.laptop',
    'sys/policies/acl/laptops.laptop',
  ]);
  const config = vaultAgentConfig({ ...spec, auth });
  expect(config).toContain('token_file_path = "/run/token"');
  expect(config).not.toContain('mount_path');
  expect(config).not.toMatch(/^ +role = /m);
});

test('the agent logs in, and asks for the one identity', () => {
  expect(
    vaultAgentConfig(spec),
  ).toBe(`# Certificate of spiffe://cluster.local/ns/laptops/sa/laptop. Made by meshvm, which replaces it.
vault {
  address = "https://vault.example.com:8200"
  retry {
    num_retries = -1
  }
}

auto_auth {
  method {
    type = "aws"
    mount_path = "auth/aws"
    max_backoff = "1m"
    config = {
      type = "iam"
      role = "laptops.laptop"
    }
  }
}

template_config {
  # Vault that is away for a while is no reason to end.
  exit_on_retry_failure = false
}

template {
  destination = "/etc/meshvm-envoy/certificates/identity.pem"
  perms = "0600"
  create_dest_dirs = false
  error_on_missing_key = true
  contents = <<EOT
{{ with pkiCert "pki/issue/laptops.laptop" "uri_sans=spiffe://cluster.local/ns/laptops/sa/laptop" "ttl=86400s" }}{{ .Data.Cert }}{{ range .Data.CAChain }}{{ . }}{{ end }}{{ .Data.Key }}{{ end }}
EOT
}

# Roots of the mesh: who answers must have its certificate from one of these.
template {
  destination = "/etc/meshvm-envoy/certificates/root-cert.pem"
  perms = "0644"
  create_dest_dirs = false
  contents = <<EOT
${ROOT.trim()}
EOT
}
`);
});

test('the unit runs as the user of Envoy, and writes nowhere but to the folder of the certificate', () => {
  const unit = vaultAgentUnit(spec, { binary: '/usr/bin/vault', config: '/etc/e/vault-agent.hcl', user: 'envoy' });
  expect(unit).toContain('\nUser=envoy\n');
  expect(unit).toContain('\nExecStart=/usr/bin/vault agent -config=/etc/e/vault-agent.hcl\n');
  expect(unit).toContain('\nReadWritePaths=/etc/meshvm-envoy/certificates\n');
});

test('whatever a string holds, it stays one string', () => {
  fc.assert(
    fc.property(fc.string(), (region) => {
      const auth = { ...spec.auth, config: { region } };
      const line = vaultAgentConfig({ ...spec, auth })
        .split('\n')
        .find((text) => text.trim().startsWith('region = '));
      expect(JSON.parse(String(line).trim().slice('region = '.length))).toBe(region);
    }),
  );
});
