import { compact } from '../../core/kubernetes-object';

/** What the program that keeps a certificate by cert-manager is told. */
export interface CertificateAgentSettings {
  /** The SPIFFE ID, which must be the one name in the certificate. */
  readonly identity: string;
  readonly namespace: string;
  /** Name of the Certificate, for messages. */
  readonly certificate: string;
  readonly secret: string;
  /** Undefined where a kubeconfig says it. */
  readonly apiServer: string | undefined;
  readonly caCertificate: string | undefined;
  readonly credential: Readonly<Record<string, string | undefined>>;
  /** Roots of the mesh, PEM; undefined for those that istiod publishes in the namespace. */
  readonly roots: string | undefined;
  readonly identityFile: string;
  readonly rootsFile: string;
  readonly renewBeforeSeconds: number;
}

/** Time that a certificate must have left to be put in place: long enough for a connection to begin, short enough to stop nobody. */
const REFUSE_BELOW_SECONDS = 300;

/** The settings as the program reads them. */
export function settingsText(settings: CertificateAgentSettings): string {
  const { roots = null, apiServer = null, caCertificate = null, ...others } = settings;
  const all = {
    schemaVersion: 1,
    ...others,
    roots,
    apiServer,
    caCertificate,
    refuseBelowSeconds: REFUSE_BELOW_SECONDS,
  };
  return `${JSON.stringify({ ...all, credential: compact(settings.credential) }, undefined, 1)}\n`;
}

/** The units of the program: a run at boot and one every minute, as Envoy's own user, who alone may read the key. */
export function certificateAgentUnits(
  { identity, identityFile }: CertificateAgentSettings,
  { folder, user }: { readonly folder: string; readonly user: string },
): Readonly<Record<string, string>> {
  const written = identityFile.slice(0, identityFile.lastIndexOf('/'));
  return {
    'meshvm-certificate.service': `[Unit]
Description=Certificate of ${identity} from cert-manager
Wants=network-online.target
After=network-online.target time-sync.target
[Service]
Type=oneshot
User=${user}
UMask=0077
ExecStart=/usr/bin/python3 -I ${folder}/meshvm-certificate.py ${folder}/certificate.json
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=read-only
ProtectSystem=strict
ReadWritePaths=${written}
`,
    'meshvm-certificate.timer': `[Unit]
Description=The next look at the certificate of ${identity}
[Timer]
OnActiveSec=0
OnUnitInactiveSec=60
AccuracySec=1
[Install]
WantedBy=timers.target
`,
  };
}
