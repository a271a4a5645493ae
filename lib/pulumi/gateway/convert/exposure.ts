import type * as pulumi from '@pulumi/pulumi';
import { IstiodExposure } from '../../../gateway/istiod-exposure';
import { ServiceExposure } from '../../../gateway/service-exposure';
import type { Mesh } from '../../../mesh/mesh';
import type { ArgumentProblems } from '../../core/arguments';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import type { IstiodExposureArgs, IstiodExposureOptionsArgs, ServiceExposureArgs } from '../gateway-exposure-args';

/** What a gateway exposes, by a component's arguments. */
export interface ExposureProps {
  readonly exposeIstiod: IstiodExposure | undefined;
  readonly exposeServices: ServiceExposure | undefined;
}

/** @param prefix Where the two arguments stand: empty, or a path that ends with a dot. */
export function exposureOf(
  problems: ArgumentProblems,
  prefix: string,
  args: {
    readonly exposeIstiod?: pulumi.Unwrap<IstiodExposureArgs>;
    readonly exposeServices?: pulumi.Unwrap<ServiceExposureArgs>;
  },
): ExposureProps {
  const { exposeIstiod, exposeServices } = args;
  return {
    exposeIstiod: exposeIstiod && istiodExposureOf(problems, `${prefix}exposeIstiod`, exposeIstiod),
    exposeServices: exposeServices && serviceExposureOf(problems, `${prefix}exposeServices`, exposeServices),
  };
}

function istiodExposureOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<IstiodExposureArgs>,
): IstiodExposure | undefined {
  return problems.one<pulumi.Unwrap<IstiodExposureArgs>, IstiodExposure>(path, args, {
    istioApis: (options, below) => withMeshes(problems, path, below, options, IstiodExposure.istioApis),
    gatewayApi: (options, below) => withMeshes(problems, path, below, options, IstiodExposure.gatewayApi),
    none: () => IstiodExposure.none(),
  });
}

function withMeshes(
  problems: ArgumentProblems,
  path: string,
  below: string,
  options: pulumi.Unwrap<IstiodExposureOptionsArgs>,
  make: (options: { furtherControlPlanes: Mesh[]; webhook?: boolean }) => IstiodExposure,
): IstiodExposure {
  const { furtherControlPlanes = [], webhook } = options;
  const meshes = furtherControlPlanes.map((mesh, index) =>
    meshOrStandIn(problems, mesh, `${below}.furtherControlPlanes[${index}]`),
  );
  problems.rename(`${path}.furtherControlPlanes`, `${below}.furtherControlPlanes`);
  return make({ furtherControlPlanes: meshes, webhook });
}

function serviceExposureOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<ServiceExposureArgs>,
): ServiceExposure | undefined {
  return problems.one<pulumi.Unwrap<ServiceExposureArgs>, ServiceExposure>(path, args, {
    istioApis: (options, below) => {
      problems.rename(`${path}.hosts`, `${below}.hosts`);
      return ServiceExposure.istioApis(options);
    },
    gatewayApi: (options, below) => {
      problems.rename(`${path}.hosts`, `${below}.hosts`);
      return ServiceExposure.gatewayApi(options);
    },
    none: () => ServiceExposure.none(),
  });
}
