import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { type ControlPlane, objectsInFile, waitUntil } from '../harness';
import { allDefinitionsEstablished } from '../harness/definitions';
import { ManagedProcess } from '../harness/process';
import { toolFolder } from '../tools/tools';

const NAME = 'prometheus-operator';

/** Applies the CRDs of prometheus-operator, of the version that its Go module is pinned to, and waits until they are served. */
export async function applyPrometheusOperatorDefinitions({ client, apiServer }: ControlPlane): Promise<void> {
  const folder = join(await toolFolder(NAME), 'crds');
  await client.mustApply(readdirSync(folder).flatMap((file) => objectsInFile(join(folder, file))));
  await allDefinitionsEstablished(apiServer);
  for (const [version, kind] of [
    ['v1', 'Prometheus'],
    ['v1', 'PrometheusRule'],
    ['v1alpha1', 'ScrapeConfig'],
  ]) {
    // A definition is established a moment before its kind can be found.
    await waitUntil(`${kind} is served`, async () => {
      const { body } = await client.call('GET', `/apis/monitoring.coreos.com/${version}`);
      return body.includes(`"kind":"${kind}"`) ? true : undefined;
    });
  }
}

/** The real operator, which makes configurations of Prometheus. Nobody runs the pods that it asks for. */
export class PrometheusOperator {
  /** The CRDs must be there. */
  static async start(controlPlane: ControlPlane): Promise<PrometheusOperator> {
    const { workspace, apiServer } = controlPlane;
    const process = ManagedProcess.start({
      workspace,
      name: NAME,
      command: join(await toolFolder(NAME), NAME),
      args: ['-kubelet-endpoints=false', '-web.listen-address=127.0.0.1:0'],
      env: { KUBECONFIG: apiServer.adminKubeconfig() },
    });
    controlPlane.own(process);
    return new PrometheusOperator(controlPlane, process);
  }

  private constructor(
    private readonly controlPlane: ControlPlane,
    private readonly process: ManagedProcess,
  ) {}

  /** What the Prometheus of that name would run with, once it is what a test waits for. */
  configuration(
    namespace: string,
    name: string,
    satisfies: (configuration: Configuration) => boolean,
  ): Promise<Configuration> {
    return waitUntil(
      'the operator has written the configuration',
      async () => {
        const secret = await this.controlPlane.client.get('v1', 'Secret', `prometheus-${name}`, namespace);
        const packed = (secret?.data as Readonly<Record<string, string>> | undefined)?.['prometheus.yaml.gz'];
        if (packed === undefined) return undefined;
        const configuration = parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as Configuration;
        return satisfies(configuration) ? configuration : undefined;
      },
      { timeoutSeconds: 60, details: () => this.process.logTail() },
    );
  }

  /** The rules that the Prometheus of that name would load. */
  async rules(namespace: string, name: string): Promise<readonly unknown[]> {
    return waitUntil(
      'the operator has written the rules',
      async () => {
        const configMap = await this.controlPlane.client.get(
          'v1',
          'ConfigMap',
          `prometheus-${name}-rulefiles-0`,
          namespace,
        );
        const files = Object.values((configMap?.data as Readonly<Record<string, string>> | undefined) ?? {});
        return files.length === 0 ? undefined : files.map((file) => parse(file) as unknown);
      },
      { timeoutSeconds: 60, details: () => this.process.logTail() },
    );
  }
}

/** A configuration of Prometheus, as far as tests look at it. */
export interface Configuration {
  readonly scrape_configs: readonly Readonly<Record<string, unknown>>[];
}
