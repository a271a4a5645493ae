import {
  MeshIdentity,
  ServiceProtocol,
  StandaloneEnvoy,
  type StandaloneEnvoyProps,
  type StandaloneHostOptions,
  StandaloneService,
} from 'meshvm';
import { aChart, aMesh, problemsOf } from '../fixtures';

/** The service that most machines of the tests call, to change one option at a time. */
export function catalog(
  options: Partial<StandaloneHostOptions> = {},
  host = 'catalog.shop.svc.cluster.local',
): StandaloneService {
  const identities = [MeshIdentity.serviceAccount('shop', 'catalog')];
  return StandaloneService.fromHost(host, { port: 80, protocol: ServiceProtocol.HTTP1, identities, ...options });
}

/** Good properties of a machine that calls it through one gateway, to change one at a time. */
export function envoyProps(props: Partial<StandaloneEnvoyProps> = {}): StandaloneEnvoyProps {
  return { mesh: aMesh(), gateways: [{ address: '10.0.0.1' }], services: [catalog()], ...props };
}

/** The machine `laptop` in a chart of its own, or in the one given. */
export function laptop(props: Partial<StandaloneEnvoyProps> = {}, chart = aChart()): StandaloneEnvoy {
  return new StandaloneEnvoy(chart, 'laptop', envoyProps(props));
}

/** What is wrong with its properties, as `property [rule]`. */
export function refusal(props: Partial<StandaloneEnvoyProps>): readonly string[] {
  return problemsOf(() => laptop(props));
}
