import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runCommand } from './command';
import { type JsonObject, type Manifest, objectsInYaml } from './kubernetes-object';

/** How Istio is installed: what an operator would write down, before anything is rendered. */
export interface InstallationOptions {
  readonly meshId?: string;
  readonly clusterName?: string;
  /**
   * The network of the cluster. The control plane's namespace gets the label `topology.istio.io/network` with it, as
   * Istio's instructions ask; a network that only `operator` names does not label the namespace.
   */
  readonly network?: string;
  /** Default: the unnamed revision. */
  readonly revision?: string;
  /** Whether this revision validates the objects that name no revision. Default: true for the first istiod only. */
  readonly defaultRevision?: boolean;
  /** The namespace of the control plane. Default: `istio-system`. */
  readonly namespace?: string;
  readonly meshConfig?: object;
  readonly meshNetworks?: object;
  /** More Helm values of the charts, merged over the rest. */
  readonly values?: object;
  /** An IstioOperator as `istioctl install -f` takes it; what the other options say is merged over it. */
  readonly operator?: object;
}

/** The objects that Istio's own charts make of the options, and the names that follow from them. */
export interface Installation {
  readonly objects: readonly Manifest[];
  readonly namespace: string;
  readonly revision: string;
}

/** Renders the charts that are built into istioctl; no cluster is asked. */
export async function renderInstallation(
  istioctl: string,
  folder: string,
  options: InstallationOptions,
): Promise<Installation> {
  const operator = operatorOf(options);
  const spec = (operator.spec ?? {}) as JsonObject;
  const values = (spec.values ?? {}) as JsonObject;
  const global = (values.global ?? {}) as JsonObject;
  const revision = String(spec.revision ?? values.revision ?? '');
  const file = join(folder, `istio-operator${revision === '' ? '' : `-${revision}`}.yaml`);
  writeFileSync(file, stringify(operator));
  const rendered = await runCommand(istioctl, ['manifest', 'generate', '--filename', file], { timeoutSeconds: 120 });
  return {
    objects: objectsInYaml(rendered.stdout),
    namespace: String(global.istioNamespace ?? 'istio-system'),
    revision,
  };
}

/** Adapts rendered objects to a control plane of stock Envoys whose istiod is a process on this host. */
export function adaptToHost(objects: readonly Manifest[], webhookPort: number): readonly Manifest[] {
  return objects.map((object) => {
    if (object.kind === 'ConfigMap' && (object.data as JsonObject | undefined)?.mesh !== undefined) {
      return withoutDefaultProviders(object);
    }
    if (object.kind.endsWith('WebhookConfiguration')) return withWebhooksAt(object, webhookPort);
    return object;
  });
}

function operatorOf(options: InstallationOptions): JsonObject {
  const own: JsonObject = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { namespace: options.namespace ?? 'istio-system' },
    spec: defined({
      revision: options.revision,
      meshConfig: options.meshConfig as JsonObject | undefined,
      values: defined({
        global: defined({
          istioNamespace: options.namespace,
          meshID: options.meshId,
          network: options.network,
          multiCluster: options.clusterName === undefined ? undefined : { clusterName: options.clusterName },
          meshNetworks: options.meshNetworks as JsonObject | undefined,
        }),
      }),
    }),
  };
  const base = (options.operator ?? { spec: { profile: 'minimal' } }) as JsonObject;
  const merged = merge(base, own);
  const revision = (merged.spec as JsonObject).revision;
  // The chart makes the webhook that validates objects without a revision label only for a default revision.
  const defaultRevision = options.defaultRevision === false ? '' : revision || 'default';
  const withDefault = merge({ spec: { values: { defaultRevision } } }, merged);
  return merge(withDefault, { spec: { values: (options.values ?? {}) as JsonObject } });
}

/** Stock Envoy has none of Istio's own filters, so telemetry that needs them must not be asked for. */
function withoutDefaultProviders(configMap: Manifest): Manifest {
  const data = configMap.data as { readonly mesh: string };
  const mesh = { ...(parse(data.mesh) as JsonObject), defaultProviders: {} };
  return { ...configMap, data: { ...data, mesh: stringify(mesh) } };
}

/** No cluster network leads to istiod's Service here; rules, selectors and policies stay the chart's. */
function withWebhooksAt(configuration: Manifest, port: number): Manifest {
  interface Webhook extends JsonObject {
    readonly clientConfig: { readonly service: { readonly path: string } };
  }
  const webhooks = (configuration.webhooks as readonly Webhook[]).map((webhook) => ({
    ...webhook,
    clientConfig: { url: `https://localhost:${port}${webhook.clientConfig.service.path}` },
  }));
  return { ...configuration, webhooks };
}

function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
