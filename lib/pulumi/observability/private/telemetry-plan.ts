import type * as pulumi from '@pulumi/pulumi';
import { claim } from '../../../core/claims';
import { AccessLogFilter } from '../../../observability/access-log-filter';
import { telemetry } from '../../../observability/manifests/telemetry';
import { checkTelemetry, resolveTelemetry, telemetryClaim } from '../../../observability/private/telemetry';
import type * as library from '../../../observability/telemetry-props';
import { TracingTag } from '../../../observability/tracing-tag';
import { referencesOf, type TargetData, targetData, targetOf } from '../../access/convert/targets';
import { controlPlaneReference, providerKindsOf } from '../../control-plane/control-plane-reference';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { ProgramView } from '../../machines/program-view';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import type { AccessLogFilterArgs, TelemetryArgs, TelemetryTracingArgs, TracingTagArgs } from '../telemetry-args';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planTelemetry(name: string, args: TelemetryArgs): Plan<PlannedObjects> {
  const around = new ProgramView();
  const { target, controlPlane, ...others } = args;
  const data = {
    others,
    target: targetData(target, 'target'),
    controlPlane: controlPlane && controlPlaneReference(controlPlane),
  };
  return plan(data, (unwrapped, run): PlannedObjects => {
    const known = unwrapped as pulumi.Unwrap<Pick<typeof data, 'others' | 'controlPlane'>> & {
      readonly target: TargetData;
    };
    const { mesh, accessLogs, tracing, metrics } = known.others;
    const problems = new ArgumentProblems(run);
    const providers = known.controlPlane && providerKindsOf(problems, 'controlPlane', known.controlPlane);
    const props: library.TelemetryProps = {
      name: known.others.name,
      mesh: meshOrStandIn(problems, mesh),
      target: targetOf(problems, 'target', known.target),
      accessLogs: accessLogs?.map(({ filter, ...log }, index) => ({
        ...log,
        filter: filter && filterOf(problems, `accessLogs[${index}].filter`, filter),
      })),
      tracing: tracing && tracingOf(problems, tracing),
      metrics,
    };
    const settings = resolveTelemetry(props, '');
    const program = around.in(run, referencesOf(known.target));
    checkTelemetry(problems.problems, program, props, providers, settings);
    problems.throwIfAny(`Telemetry ${name}`);
    claim(program, name, telemetryClaim(settings));
    return { name: settings.name, namespace: settings.namespace, objects: { Resource: telemetry(settings) } };
  });
}

function filterOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<AccessLogFilterArgs>,
): AccessLogFilter | undefined {
  return problems.one<pulumi.Unwrap<AccessLogFilterArgs>, AccessLogFilter>(path, args, {
    statusAtLeast: (code) => AccessLogFilter.statusAtLeast(code),
    expression: (cel) => AccessLogFilter.expression(cel),
  });
}

function tracingOf(
  problems: ArgumentProblems,
  { tags, ...others }: pulumi.Unwrap<TelemetryTracingArgs>,
): library.TelemetryTracing {
  const entries = Object.entries(tags ?? {}).map(([name, tag]) => {
    const made = problems.one<pulumi.Unwrap<TracingTagArgs>, TracingTag>(`tracing.tags.${name}`, tag, {
      literal: (value) => TracingTag.literal(value),
      header: (source) => TracingTag.header(source.name, source.defaultValue),
      environment: (source) => TracingTag.environment(source.name, source.defaultValue),
    });
    return [name, made ?? TracingTag.literal('stand-in')] as const;
  });
  return { ...others, tags: tags && Object.fromEntries(entries) };
}
