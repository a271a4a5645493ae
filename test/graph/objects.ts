/** Objects as they stand in YAML, for tests of the picture. */
export interface TestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec?: unknown;
}

const VERSIONS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Deployment: 'apps/v1',
  Namespace: 'v1',
  Service: 'v1',
  Pod: 'v1',
};

/** An object `<namespace>/<name>` of a kind. */
export function object(kind: string, path: string, spec?: unknown, metadata: Record<string, unknown> = {}): TestObject {
  const [namespace, name] = path.includes('/') ? path.split('/') : [undefined, path];
  return {
    apiVersion: VERSIONS[kind] ?? 'networking.istio.io/v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
    spec,
  };
}

/** A WorkloadGroup whose machines carry `app: <name>`. */
export function group(path: string, labels: Record<string, string> = {}): TestObject {
  const name = path.split('/')[1];
  return object('WorkloadGroup', path, {
    metadata: { labels: { app: name, ...labels } },
    template: { serviceAccount: name },
  });
}

/** A Service for `app: <name>`. */
export function service(path: string, spec: Record<string, unknown> = {}): TestObject {
  return object('Service', path, {
    selector: { app: path.split('/')[1] },
    ports: [{ name: 'http', port: 80 }],
    ...spec,
  });
}
