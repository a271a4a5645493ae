import type { Chart } from 'cdk8s';
import * as cdk8s from 'meshvm';
import { ServiceProtocol, StandaloneEnvoy, type StandaloneEnvoyArgs, type StandaloneServiceArgs } from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { later, meshArgs } from '../fixtures';
import { type Declared, recorded, synthesized, withoutSkipAwait } from '../parity';
import { settled } from '../program';

/** A value as it is, or as one that is known later. */
export type Leaf = <T>(value: T) => T;

/** Whether leaves are known at once. Casts keep arguments readable: where a leaf takes no Input, a test does not wrap it. */
export const LEAVES: readonly (readonly [string, Leaf])[] = [
  ['known at once', (value) => value],
  ['known later', later as unknown as Leaf],
];

/** Properties of the machine that tests speak of. */
export function envoyProps(props: Partial<cdk8s.StandaloneEnvoyProps> = {}): cdk8s.StandaloneEnvoyProps {
  return {
    mesh: aMesh(),
    namespace: cdk8s.GroupNamespace.create('laptops'),
    gateways: [{ address: '10.0.0.1' }],
    services: [
      cdk8s.StandaloneService.fromHost('catalog.shop.svc.cluster.local', {
        port: 80,
        protocol: cdk8s.ServiceProtocol.HTTP1,
        identities: [cdk8s.MeshIdentity.serviceAccount('shop', 'catalog')],
      }),
    ],
    ...props,
  };
}

/** The service of the same machine. */
export const catalog: StandaloneServiceArgs = {
  host: 'catalog.shop.svc.cluster.local',
  port: 80,
  protocol: ServiceProtocol.HTTP1,
  identities: [{ serviceAccount: { namespace: 'shop', name: 'catalog' } }],
};

/** Arguments of the same machine. */
export function envoyArgs(args: Partial<StandaloneEnvoyArgs> = {}): StandaloneEnvoyArgs {
  return {
    mesh: meshArgs(),
    namespace: 'laptops',
    gateways: [{ address: '10.0.0.1' }],
    services: [catalog],
    ...args,
  };
}

/** What a face makes of a machine. */
export interface Made<T> {
  readonly objects: Readonly<Record<string, Declared>>;
  readonly files: Readonly<Record<string, string>>;
  readonly rest: T;
}

/** @param rest What else is asked of the machine. */
export function byCdk8s<T>(
  props: (chart: Chart) => cdk8s.StandaloneEnvoyProps,
  rest: (envoy: cdk8s.StandaloneEnvoy) => T,
): Made<T> {
  const made: Made<T>[] = [];
  const objects = synthesized((chart) => {
    const envoy = new cdk8s.StandaloneEnvoy(chart, 'laptop', props(chart));
    made.push({ objects: {}, files: envoy.files(), rest: rest(envoy) });
  });
  return { ...made[0], objects };
}

/** The same by a Pulumi program; Services of its group without Pulumi's mark. */
export async function byPulumi<T>(
  args: () => StandaloneEnvoyArgs,
  rest: (envoy: StandaloneEnvoy) => Promise<T>,
  services: readonly string[] = [],
): Promise<Made<T>> {
  const made: Made<T>[] = [];
  const objects = await recorded(async () => {
    const envoy = new StandaloneEnvoy('laptop', args());
    made.push({ objects: {}, files: await settled(envoy.files), rest: await rest(envoy) });
  });
  return { ...made[0], objects: withoutSkipAwait(objects, services) };
}

/** Fails unless both faces make the same objects, files and machine file. */
export async function expectSameEnvoy(
  props: (chart: Chart) => cdk8s.StandaloneEnvoyProps,
  args: () => StandaloneEnvoyArgs,
  services: readonly string[] = [],
): Promise<void> {
  const made = await byPulumi(args, (envoy) => settled(envoy.machineFile), services);
  expect(made).toStrictEqual(byCdk8s(props, (envoy) => envoy.machineFile()));
}
