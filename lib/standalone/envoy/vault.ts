import { compact } from '../../core/kubernetes-object';
import type { VaultWrite } from '../vault-auth';

/** How an Envoy gets its certificate from Vault, every default filled in. */
export interface VaultSpec {
  /** The SPIFFE ID, which is the one URI of the certificate. */
  readonly identity: string;
  readonly address: string;
  readonly namespace: string | undefined;
  readonly caFile: string | undefined;
  readonly pkiMount: string;
  /** Name of the PKI role, the policy, and the role of the auth method. */
  readonly role: string;
  readonly lifetimeSeconds: number;
  readonly auth: VaultAuthSpec;
  /** The one file with certificate, chain and key, an absolute path. */
  readonly identityFile: string;
  readonly rootsFile: string;
  /** Roots of the mesh, PEM, one text each. */
  readonly roots: readonly string[];
}

/** How the agent logs in. */
export interface VaultAuthSpec {
  readonly method: string;
  readonly mount: string | undefined;
  readonly config: Readonly<Record<string, string | boolean | undefined>>;
  readonly boundTo: Readonly<Record<string, string | boolean | readonly string[]>> | undefined;
}

/** The PKI role, the policy, and the role of the auth method: what Vault needs, once, from who rules it. */
export function vaultWrites(spec: VaultSpec): readonly VaultWrite[] {
  const { auth, role, pkiMount } = spec;
  const writes: VaultWrite[] = [
    { path: `${pkiMount}/roles/${role}`, data: pkiRole(spec) },
    { path: `sys/policies/acl/${role}`, data: { policy: vaultPolicy(spec) } },
  ];
  if (auth.mount !== undefined) {
    const token = {
      token_policies: [role],
      token_no_default_policy: true,
      // Such tokens can't be renewed, which the policy would have to allow; the agent logs in again instead.
      token_type: 'batch',
      token_ttl: 3600,
    };
    writes.push({ path: `auth/${auth.mount}/role/${role}`, data: { ...auth.boundTo, ...token } });
  }
  return writes;
}

/** The policy of the machine: it may have its own certificate issued, and nothing else. */
export function vaultPolicy({ pkiMount, role, identity }: VaultSpec): string {
  return `# Certificates of ${identity}, and nothing else.
path "${pkiMount}/issue/${role}" {
  capabilities = ["update"]
}
`;
}

/** A PKI role that signs one URI, and no other name of any kind. Every field that widens it is written out, whatever Vault's default. */
export function pkiRole({ identity, lifetimeSeconds }: VaultSpec): Readonly<Record<string, unknown>> {
  return {
    allowed_uri_sans: [identity],
    allowed_uri_sans_template: false,
    require_cn: false,
    allow_any_name: false,
    allow_localhost: false,
    allow_bare_domains: false,
    allow_subdomains: false,
    allow_glob_domains: false,
    allow_wildcard_certificates: false,
    allow_ip_sans: false,
    allowed_domains: [],
    allowed_other_sans: [],
    allowed_serial_numbers: [],
    allowed_user_ids: [],
    enforce_hostnames: true,
    client_flag: true,
    server_flag: true,
    code_signing_flag: false,
    email_protection_flag: false,
    key_type: 'ec',
    key_bits: 256,
    key_usage: ['DigitalSignature'],
    ext_key_usage: [],
    basic_constraints_valid_for_non_ca: true,
    not_before_duration: '30s',
    ttl: `${lifetimeSeconds}s`,
    max_ttl: `${lifetimeSeconds}s`,
  };
}

/**
 * Configuration of Vault Agent. One template writes certificate, chain and key as one file, which it moves into place: a reader never has a
 * key that does not fit, and the agent, when it starts again, finds its certificate there and does not ask for another.
 *
 * Upstream: hashicorp/consul-template dependency/vault_pki.go (pkiCert reads the destination), renderer/renderer.go (rename).
 */
export function vaultAgentConfig(spec: VaultSpec): string {
  const { auth, identity, role } = spec;
  const config = compact({
    ...auth.config,
    role: auth.mount === undefined || auth.method === 'approle' ? undefined : role,
  });
  const issue = `pkiCert ${text(`${spec.pkiMount}/issue/${role}`)} ${text(`uri_sans=${identity}`)} ${text(`ttl=${spec.lifetimeSeconds}s`)}`;
  return `# Certificate of ${identity}. Made by meshvm, which replaces it.
vault {
${settings(2, { address: spec.address, namespace: spec.namespace, ca_cert: spec.caFile })}
  retry {
    num_retries = -1
  }
}

auto_auth {
  method {
${settings(4, { type: auth.method, mount_path: auth.mount && `auth/${auth.mount}`, max_backoff: '1m' })}
    config = {
${settings(6, config)}
    }
  }
}

template_config {
  # Vault that is away for a while is no reason to end.
  exit_on_retry_failure = false
}

template {
${settings(2, { destination: spec.identityFile, perms: '0600', create_dest_dirs: false, error_on_missing_key: true })}
  contents = <<EOT
{{ with ${issue} }}{{ .Data.Cert }}{{ range .Data.CAChain }}{{ . }}{{ end }}{{ .Data.Key }}{{ end }}
EOT
}

# Roots of the mesh: who answers must have its certificate from one of these.
template {
${settings(2, { destination: spec.rootsFile, perms: '0644', create_dest_dirs: false })}
  contents = <<EOT
${spec.roots.map((root) => root.trim()).join('\n')}
EOT
}
`;
}

/** The unit of the agent. It runs as Envoy's own user, who alone may read the key. */
export function vaultAgentUnit(
  spec: VaultSpec,
  { binary, config, user }: { readonly binary: string; readonly config: string; readonly user: string },
): string {
  const folder = spec.identityFile.slice(0, spec.identityFile.lastIndexOf('/'));
  return `[Unit]
Description=Certificate of ${spec.identity} from Vault
Wants=network-online.target
After=network-online.target time-sync.target
[Service]
User=${user}
UMask=0077
ExecStart=${binary} agent -config=${config}
Restart=always
RestartSec=5
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=read-only
ProtectSystem=strict
ReadWritePaths=${folder}
[Install]
WantedBy=multi-user.target
`;
}

function settings(indent: number, values: Readonly<Record<string, string | boolean | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${' '.repeat(indent)}${key} = ${typeof value === 'string' ? text(value) : value}`)
    .join('\n');
}

/** A string as HCL and Go templates write it. */
function text(value: string): string {
  return JSON.stringify(value);
}
