import { join } from 'node:path';
import { type KubernetesObject, type Manifest, objectsInYaml, runCommand } from '../harness';
import { findTools, toolFolder } from '../tools/tools';

const CHARTS: Readonly<Record<string, string>> = {
  base: 'base',
  istiod: 'istio-control/istio-discovery',
  gateway: 'gateway',
};

/** One Helm release, as `helm install` would be told it. */
export interface Release {
  readonly chart: string;
  readonly releaseName: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Istio's own charts, out of the module that istiod is built from, and what Helm and istioctl make of them. */
export class IstioCharts {
  static async open(): Promise<IstioCharts> {
    const helm = join(await toolFolder('helm'), 'helm');
    const { istioctl } = await findTools();
    return new IstioCharts(helm, istioctl, join(await toolFolder('istio-files'), 'manifests'));
  }

  private constructor(
    readonly helm: string,
    readonly istioctl: string,
    readonly manifests: string,
  ) {}

  folderOf(chart: string): string {
    return join(this.manifests, 'charts', CHARTS[chart] ?? chart);
  }

  /** What `helm template` prints. */
  async text({ chart, releaseName, namespace, values }: Release): Promise<string> {
    const args = ['template', releaseName, this.folderOf(chart), '--namespace', namespace, '--values', '-'];
    const { stdout } = await runCommand(this.helm, args, { stdin: JSON.stringify(values) });
    return stdout;
  }

  /** The objects that `helm install` would make. */
  async render(release: Release): Promise<readonly Manifest[]> {
    return objectsInYaml(await this.text(release));
  }

  /** The objects that `istioctl install -f` would make, without the CRDs. */
  async generate(operator: object): Promise<readonly Manifest[]> {
    const args = ['manifest', 'generate', '--manifests', this.manifests, '--filename', '-'];
    const { stdout } = await runCommand(this.istioctl, args, { stdin: JSON.stringify(operator) });
    const documents = stdout.split(/^---$/m).filter((text) => !/^kind: CustomResourceDefinition$/m.test(text));
    return objectsInYaml(documents.join('\n---\n'));
  }
}

/** The one object of a kind and name; fails when there is none. */
export function find(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  const kinds = objects.map((object: KubernetesObject) => `${object.kind} ${object.metadata.name}`).join(', ');
  if (found === undefined) throw new Error(`there is no ${kind} ${name}, but ${kinds}`);
  return found;
}
