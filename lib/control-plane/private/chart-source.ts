import { type Problems, rule } from '../../core/problems';
import { isIpAddress } from '../../core/values/addresses';
import { isFqdn } from '../../core/values/names';
import { isPortNumber } from '../../core/values/ports';
import type { ChartSource } from '../chart-source';
import type { ChartLocation } from '../manifests/control-plane';

const REPOSITORY = rule({
  id: 'chart-source/repository',
  origin: 'meshvm',
  allowed: 'an http or https address of a Helm repository, without query and fragment',
  remedy: 'give the folder of index.yaml, such as https://charts.example.com/istio',
  source: 'Helm, Argo CD and Flux append /index.yaml to it',
});
const REGISTRY = rule({
  id: 'chart-source/registry',
  origin: 'meshvm',
  allowed: 'a registry and the folder of the charts in it, without scheme, tag and the name of a chart',
  remedy: 'write it as in registry.example.com/istio/charts',
  source: 'OCI distribution: names of repositories are lower case; the constructs write oci:// where it is needed',
});

/** Where charts are, with the defaults filled in. */
export function chartLocation({ istioReleaseOci, helmRepository, ociRegistry }: ChartSource): ChartLocation {
  if (istioReleaseOci) return { location: 'ghcr.io/istio/release/charts', oci: true };
  if (ociRegistry !== undefined) return { location: ociRegistry, oci: true };
  return { location: helmRepository ?? 'https://blob.istio.io/istio-release/charts', oci: false };
}

/** That Helm, Argo CD and Flux find the charts there. */
export function checkChartSource(problems: Problems, { helmRepository, ociRegistry }: ChartSource): void {
  problems.check(REPOSITORY, 'helmRepository', helmRepository, isRepository);
  problems.check(REGISTRY, 'ociRegistry', ociRegistry, isRegistry);
}

function isRepository(text: string): boolean {
  if (!/^https?:\/\/[^\s?#]+$/.test(text) || !URL.canParse(text)) return false;
  return new URL(text).username === '';
}

function isRegistry(text: string): boolean {
  const [registry, ...folders] = text.split('/');
  const [host, port, ...rest] = registry.split(':');
  const named = rest.length === 0 && (isFqdn(host) || isIpAddress(host)) && (port === undefined || isPort(port));
  return named && folders.length > 0 && folders.every((folder) => /^[a-z0-9]+([._-]+[a-z0-9]+)*$/.test(folder));
}

function isPort(text: string): boolean {
  return /^[0-9]+$/.test(text) && isPortNumber(Number(text));
}
