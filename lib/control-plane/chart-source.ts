import { Problems, rule } from '../core/problems';
import { isIpAddress } from '../core/values/addresses';
import { isFqdn } from '../core/values/names';
import { isPortNumber } from '../core/values/ports';

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

/** Where Istio's Helm charts (`base`, `istiod`, `gateway`) are fetched from. */
export class ChartSource {
  /**
   * Istio's own Helm repository, `https://blob.istio.io/istio-release/charts`.
   *
   * The address is that of Istio's announcement of August 2026, under which the earlier one
   * (`istio-release.storage.googleapis.com/charts`) goes away in December 2026. meshvm's tests don't fetch from it.
   */
  public static istioRelease(): ChartSource {
    return new ChartSource('https://blob.istio.io/istio-release/charts', false);
  }

  /**
   * Istio's own OCI registry, `ghcr.io/istio/release/charts`: charts of 1.31 and later, by the same announcement. meshvm's tests
   * don't fetch from it.
   */
  public static istioReleaseOci(): ChartSource {
    return new ChartSource('ghcr.io/istio/release/charts', true);
  }

  /**
   * A Helm repository of yours, such as a mirror.
   * @param url Folder of `index.yaml`, such as `https://charts.example.com/istio`.
   * @throws ValidationError for an address of another form.
   */
  public static helmRepository(url: string): ChartSource {
    const problems = new Problems();
    if (!isRepository(String(url))) problems.add(REPOSITORY, 'url', url);
    problems.throwIfAny('ChartSource.helmRepository');
    return new ChartSource(url, false);
  }

  /**
   * An OCI registry of yours, such as a mirror.
   * @param location Registry and folder of the charts, without `oci://`, such as `registry.example.com/istio/charts`.
   * @throws ValidationError for a location of another form.
   */
  public static ociRegistry(location: string): ChartSource {
    const problems = new Problems();
    if (!isRegistry(String(location))) problems.add(REGISTRY, 'location', location);
    problems.throwIfAny('ChartSource.ociRegistry');
    return new ChartSource(location, true);
  }

  private constructor(
    /** Address of the Helm repository, or registry and folder of the charts. */
    public readonly location: string,
    /** Whether the charts are in an OCI registry. */
    public readonly oci: boolean,
  ) {}
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
