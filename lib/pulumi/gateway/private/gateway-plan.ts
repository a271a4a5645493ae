import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../../core/kubernetes-object';
import { byKind } from '../../../core/object-ids';
import { isDeferred } from '../../../core/problems';
import type { EastWestGatewayProps, HelmReleaseGatewayProps } from '../../../gateway/east-west-gateway-props';
import type { Gateway } from '../../../gateway/gateway';
import { LoadBalancer } from '../../../gateway/load-balancer';
import { gatewayExposureObjects, gatewayWorkloadObjects } from '../../../gateway/manifests/east-west-gateway';
import { declareGateway } from '../../../gateway/private/declared-gateways';
import {
  checkEastWestGateway,
  checkHelmReleaseGateway,
  resolveEastWestGateway,
  resolveExposure,
  resolveHelmReleaseGateway,
} from '../../../gateway/private/east-west-gateway';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan, type Run } from '../../core/plan';
import { programRegistry } from '../../core/program';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import { exposureOf } from '../convert/exposure';
import { loadBalancerOf } from '../convert/load-balancer';
import type { EastWestGatewayArgs } from '../east-west-gateway-args';
import type { HelmReleaseGatewayArgs } from '../helm-release-gateway-args';

/** All that a gateway consists of. */
export interface PlannedGateway {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly serviceName: string;
  readonly namespace: string;
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** Whether the Service gets an address of its own. */
  readonly addressed: boolean;
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planEastWestGateway(name: string, args: EastWestGatewayArgs): Plan<PlannedGateway> {
  return plan(args, (known, run) => {
    const problems = new ArgumentProblems(run);
    const props = eastWestGatewayProps(problems, known as pulumi.Unwrap<EastWestGatewayArgs>);
    const gateway = resolveEastWestGateway(props);
    checkEastWestGateway(problems.problems, props, gateway);
    declare(problems, run, name, props, gateway);
    problems.throwIfAny(`EastWestGateway ${name}`);
    const objects = [...gatewayWorkloadObjects(gateway), ...exposureObjects(props, gateway)];
    return planned(gateway, objects, gateway.loadBalancer.type === 'LoadBalancer');
  });
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planHelmReleaseGateway(name: string, args: HelmReleaseGatewayArgs): Plan<PlannedGateway> {
  return plan(args, (known, run) => {
    const problems = new ArgumentProblems(run);
    const { exposeIstiod, exposeServices, mesh, ...others } = known as pulumi.Unwrap<HelmReleaseGatewayArgs>;
    const exposure = exposureOf(problems, '', { exposeIstiod, exposeServices });
    const props = { ...others, ...exposure, mesh: meshOrStandIn(problems, mesh) };
    const gateway = resolveHelmReleaseGateway(props);
    checkHelmReleaseGateway(problems.problems, props, gateway);
    declare(problems, run, name, props, gateway);
    problems.throwIfAny(`HelmReleaseGateway ${name}`);
    return planned(gateway, exposureObjects(props, gateway), false);
  });
}

function eastWestGatewayProps(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<EastWestGatewayArgs>,
): EastWestGatewayProps {
  const { exposeIstiod, exposeServices, loadBalancer, mesh, ...others } = args;
  return {
    ...others,
    ...exposureOf(problems, '', { exposeIstiod, exposeServices }),
    mesh: meshOrStandIn(problems, mesh),
    // Of a wrong one, the rest can be checked all the same.
    loadBalancer: loadBalancerOf(problems, 'loadBalancer', loadBalancer) ?? LoadBalancer.custom({}),
  };
}

/** Compares the gateway with the others of the program, as far as it is known which one it is. */
function declare(
  problems: ArgumentProblems,
  run: Run,
  name: string,
  props: EastWestGatewayProps | HelmReleaseGatewayProps,
  gateway: Gateway,
): void {
  if (!run.first || isDeferred(gateway.namespace)) return;
  declareGateway(problems.problems, programRegistry(), name, props.mesh, gateway, resolveExposure(props));
}

function exposureObjects(
  props: EastWestGatewayProps | HelmReleaseGatewayProps,
  gateway: Gateway,
): readonly KubernetesObject[] {
  const { istiod, services } = resolveExposure(props);
  return gatewayExposureObjects(gateway, props.mesh, istiod, services);
}

function planned(gateway: Gateway, objects: readonly KubernetesObject[], addressed: boolean): PlannedGateway {
  return {
    objects: byKind(objects),
    serviceName: gateway.name,
    namespace: gateway.namespace,
    selectorLabels: gateway.selector,
    addressed,
  };
}
