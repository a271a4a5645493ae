import { readFileSync } from 'node:fs';
import { GroupServiceAccount, type Mesh, type MeshVmGroupProps, Network, Probe } from 'meshvm';
import { parse } from 'yaml';
import type { IEastWestGateway } from '../../lib/gateway/east-west-gateway-props';
import { MachineIdentity } from '../../lib/join/machine-identity';
import type { ApiServer, Json, JsonObject, KubernetesObject } from './harness';
import { http } from './harness/http';

/** Somebody, as the API server's authentication names him. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
}

export const ADMIN: Caller = { user: 'admin', groups: ['system:masters'] };

/** What the API server answered. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** What is special about a WorkloadEntry; undefined takes a field out. */
export interface EntryParts {
  readonly name?: string;
  readonly metadata?: JsonObject;
  readonly annotations?: JsonObject;
  readonly spec?: Readonly<Record<string, Json | undefined>>;
}

export const LABELS = {
  app: 'payment-service',
  version: 'latest',
  'service.istio.io/canonical-name': 'payment-service',
  'service.istio.io/canonical-revision': 'latest',
};

/** Good properties of a group whose machines stand in `cidr`. */
export function groupProps(mesh: Mesh, gateway: IEastWestGateway | undefined, cidr: string): MeshVmGroupProps {
  return {
    mesh,
    gateway,
    ports: [{ name: 'http', port: 8080 }],
    probe: Probe.httpGet('/healthz', { port: 8080, periodSeconds: 1 }),
    network: Network.flat([cidr, '10.20.0.0/24', 'fd00:20::/64']),
    serviceAccount: GroupServiceAccount.create(),
    identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
  };
}

/** An entry as istiod registers it for a machine of the group, but for `parts`. */
export function entry(parts: EntryParts = {}): KubernetesObject {
  const annotations = parts.annotations ?? {
    'istio.io/autoRegistrationGroup': 'payment-service',
    'proxy.istio.io/health-checks-enabled': 'true',
  };
  const spec = {
    address: '10.20.0.5',
    labels: LABELS,
    network: 'vpc-prod',
    ports: { http: 8080 },
    serviceAccount: 'payment-service',
    ...parts.spec,
  };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: parts.name ?? 'vm', namespace: 'payments', labels: LABELS, annotations, ...parts.metadata },
    spec: Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)),
  } as KubernetesObject;
}

/** A TokenRequest; by default one that a machine may make. */
export function tokenRequest(spec: JsonObject = { audiences: ['istio-ca'], expirationSeconds: 3600 }): JsonObject {
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
}

/** Calls the API server as anybody: as the administrator who impersonates him. */
export class Impersonator {
  private readonly server: string;
  private readonly ca: string;
  private readonly token: string;

  constructor(apiServer: ApiServer) {
    interface Kubeconfig {
      readonly users: readonly { readonly user: { readonly token: string } }[];
    }
    const { users } = parse(readFileSync(apiServer.adminKubeconfig(), 'utf8')) as Kubeconfig;
    this.token = users[0].user.token;
    this.server = `https://127.0.0.1:${apiServer.port}`;
    this.ca = apiServer.ca;
  }

  async call(caller: Caller, method: string, path: string, body?: unknown, contentType?: string): Promise<Answer> {
    const groups = (caller.groups.length > 0 ? { 'impersonate-group': caller.groups } : {}) as Readonly<
      Record<string, string>
    >;
    const response = await http({
      url: `${this.server}${path}`,
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: 'application/json',
        'content-type': contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'),
        'impersonate-user': caller.user,
        ...groups,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      ca: this.ca,
      servername: 'kubernetes.default.svc',
    });
    return { status: response.status, body: parseBody(response.body) };
  }
}

/** The claims of a JSON web token. */
export function claimsOf(token: string): JsonObject {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8')) as JsonObject;
}

function parseBody(body: string): JsonObject {
  try {
    return JSON.parse(body) as JsonObject;
  } catch {
    return { message: body };
  }
}
