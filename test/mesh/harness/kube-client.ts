import { Agent } from 'node:https';
import { type HttpResponse, http } from './http';
import { describe, type Json, type KubernetesObject, type StoredObject } from './kubernetes-object';
import { ResourcePaths } from './resource-paths';

export interface KubeClientOptions {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  /** The name in the API server's certificate. */
  readonly servername?: string;
}

/** What the API server said to an object. */
export type Outcome = Accepted | Refused;

export interface Accepted {
  readonly outcome: 'accepted';
  readonly object: StoredObject;
  /** Of schemas, admission webhooks and policies. */
  readonly warnings: readonly string[];
}

export interface Refused {
  readonly outcome: 'refused';
  /** The HTTP status. */
  readonly status: number;
  /** The machine-readable reason of Kubernetes, for example `Invalid`. */
  readonly reason: string;
  readonly message: string;
  /** The validating or mutating webhook that refused, if it was one. */
  readonly webhook?: string;
}

export class RefusedError extends Error {
  constructor(
    readonly subject: string,
    readonly refused: Refused,
  ) {
    super(`${subject} was refused (${refused.status} ${refused.reason}): ${refused.message}`);
  }
}

const FIELD_MANAGER = 'meshvm-test';

/**
 * A thin client of the Kubernetes API: plain objects in, what the server said out.
 *
 * Thin on purpose: refusals and warnings are results here and not exceptions, and tens of thousands of dry runs go over
 * kept-alive connections.
 */
export class KubeClient {
  private readonly agent: Agent;
  private readonly paths: ResourcePaths;

  constructor(private readonly options: KubeClientOptions) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 16 });
    this.paths = new ResourcePaths((path) => this.json(path));
  }

  /** Server-side apply with strict field validation; stops nothing: each object has its own outcome, in order. */
  async apply(objects: KubernetesObject | readonly KubernetesObject[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const object of asArray(objects)) outcomes.push(await this.applyOne(object, ''));
    return outcomes;
  }

  /** Server-side apply of objects that must be accepted: throws on the first that is not. */
  async mustApply(objects: KubernetesObject | readonly KubernetesObject[]): Promise<readonly StoredObject[]> {
    const stored: StoredObject[] = [];
    for (const object of asArray(objects)) stored.push(accepted(describe(object), await this.applyOne(object, '')));
    return stored;
  }

  /**
   * Asks whether the object would be accepted, by a strict dry run that stores nothing. Safe to call many at a time.
   *
   * `create` is the fast way and takes an object as new; it needs an existing namespace and a free name. `apply` is
   * what server-side apply would say.
   */
  async dryRun(object: KubernetesObject, verb: 'create' | 'apply' = 'create'): Promise<Outcome> {
    if (verb === 'apply') return this.applyOne(object, '&dryRun=All');
    const path = await this.paths.collection(object);
    const query = `fieldManager=${FIELD_MANAGER}&fieldValidation=Strict&dryRun=All`;
    return outcomeOf(await this.call('POST', `${path}?${query}`, object, 'application/json'));
  }

  /** Creates an object as a controller would (no server-side apply, the name may be generated). */
  async create(object: KubernetesObject): Promise<StoredObject> {
    const path = `${await this.paths.collection(object)}?fieldManager=${FIELD_MANAGER}`;
    return accepted(describe(object), outcomeOf(await this.call('POST', path, object, 'application/json')));
  }

  /** Undefined if there is no such object. */
  async get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<StoredObject | undefined> {
    const path = await this.paths.object({ apiVersion, kind, metadata: { name, namespace } });
    const response = await this.call('GET', path);
    if (response.status === 404) return undefined;
    return accepted(`${kind} ${name}`, outcomeOf(response));
  }

  /** All objects of a kind, in one namespace or in all. */
  async list(apiVersion: string, kind: string, namespace?: string): Promise<readonly StoredObject[]> {
    const path = await this.paths.list(apiVersion, kind, namespace);
    const { items } = (await this.json(path)) as unknown as { readonly items: readonly StoredObject[] };
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Deletes an object; no error if it is gone already. */
  async delete(object: KubernetesObject): Promise<void> {
    const response = await this.call('DELETE', await this.paths.object(object));
    if (response.status !== 404) accepted(describe(object), outcomeOf(response));
  }

  /** Sets the status of an object, as its controller would. */
  async patchStatus(object: KubernetesObject, status: Json): Promise<void> {
    const path = `${await this.paths.object(object)}/status`;
    const response = await this.call('PATCH', path, { status }, 'application/merge-patch+json');
    accepted(`status of ${describe(object)}`, outcomeOf(response));
  }

  /** A token of a ServiceAccount. */
  async token(namespace: string, serviceAccount: string, audiences: readonly string[] = []): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences, expirationSeconds: 12 * 3600 },
    };
    const response = await this.call('POST', path, body, 'application/json');
    const request = accepted(`token of ServiceAccount ${namespace}/${serviceAccount}`, outcomeOf(response));
    return (request.status as { readonly token: string }).token;
  }

  /** Any call to the API, for what has no method here. */
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<HttpResponse> {
    return http({
      url: `${this.options.url}${path}`,
      method,
      headers: {
        authorization: `Bearer ${this.options.token}`,
        accept: 'application/json',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      agent: this.agent,
      ca: this.options.ca,
      servername: this.options.servername,
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private async applyOne(object: KubernetesObject, query: string): Promise<Outcome> {
    const path = await this.paths.object(object);
    const parameters = `fieldManager=${FIELD_MANAGER}&force=true&fieldValidation=Strict${query}`;
    return outcomeOf(await this.call('PATCH', `${path}?${parameters}`, object, 'application/apply-patch+yaml'));
  }

  private async json(path: string): Promise<StoredObject> {
    return accepted(path, outcomeOf(await this.call('GET', path)));
  }
}

function accepted(subject: string, outcome: Outcome): StoredObject {
  if (outcome.outcome === 'refused') throw new RefusedError(subject, outcome);
  return outcome.object;
}

function outcomeOf(response: HttpResponse): Outcome {
  if (response.status < 300) {
    return {
      outcome: 'accepted',
      object: JSON.parse(response.body) as StoredObject,
      warnings: warningsOf(response.headers.warning),
    };
  }
  const { reason, message } = statusOf(response.body);
  // The API server's own words for a refusal by a webhook, and for a webhook that can't be reached.
  const webhook = /admission webhook "([^"]+)" denied the request|failed calling webhook "([^"]+)"/.exec(message);
  return { outcome: 'refused', status: response.status, reason, message, webhook: webhook?.[1] ?? webhook?.[2] };
}

function statusOf(body: string): { readonly reason: string; readonly message: string } {
  try {
    const status = JSON.parse(body) as { readonly reason?: string; readonly message?: string };
    return { reason: status.reason ?? '', message: status.message ?? body };
  } catch {
    return { reason: '', message: body };
  }
}

/** RFC 9110 warnings as Kubernetes sends them: `299 - "text"`, several joined by commas. */
function warningsOf(header: string | readonly string[] | undefined): readonly string[] {
  const text = typeof header === 'string' ? header : (header ?? []).join(', ');
  return [...text.matchAll(/299 [^ ]+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));
}

function asArray(objects: KubernetesObject | readonly KubernetesObject[]): readonly KubernetesObject[] {
  return Array.isArray(objects) ? (objects as readonly KubernetesObject[]) : [objects as KubernetesObject];
}
