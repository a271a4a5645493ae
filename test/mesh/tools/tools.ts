import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from './cache';
import { TOOLS, type ToolName } from './catalog';

/** Absolute paths of what makes up a control plane and machines. */
export interface Tools {
  readonly etcd: string;
  /** A folder with what the clusters of the tests begin with: see cluster.ts. */
  readonly cluster: string;
  readonly kubeApiServer: string;
  readonly kubectl: string;
  readonly pilotDiscovery: string;
  readonly pilotAgent: string;
  readonly istioctl: string;
  readonly envoy: string;
  /** The start script of Istio's machine package. */
  readonly istioStart: string;
  /** The default settings that Istio's machine package installs. */
  readonly sidecarEnv: string;
  /** The template of Envoy's bootstrap that Istio's machine package and its container image install. */
  readonly envoyBootstrapTemplate: string;
}

/** Finds the tools in the cache. */
export async function findTools(): Promise<Tools> {
  const command = async (name: ToolName): Promise<string> => join(await toolFolder(name), name);
  const istioFiles = await toolFolder('istio-files');
  return {
    etcd: await command('etcd'),
    cluster: await toolFolder('cluster'),
    kubeApiServer: await command('kube-apiserver'),
    kubectl: await command('kubectl'),
    pilotDiscovery: await command('pilot-discovery'),
    pilotAgent: await command('pilot-agent'),
    istioctl: await command('istioctl'),
    envoy: await command('envoy'),
    istioStart: join(istioFiles, 'istio-start.sh'),
    sidecarEnv: join(istioFiles, 'sidecar.env'),
    envoyBootstrapTemplate: join(istioFiles, 'envoy_bootstrap.json'),
  };
}

/** The folder of a tool. Tests make none: they would run into their time limits. */
export async function toolFolder(name: ToolName): Promise<string> {
  const folder = await placeOf(TOOLS, name);
  if (!existsSync(folder)) {
    const command = `npm run test:mesh:tools -- ${name}`;
    throw new Error(
      `The tool ${name} is not in the cache (${folder}): run \`${command}\`, or without the name for all.`,
    );
  }
  return folder;
}
