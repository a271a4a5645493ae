/** The part of a container that the harness runs as a process. */
export interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
}

interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

/** What the downward API would tell a container, by field path. */
export interface PodFacts {
  readonly 'metadata.name': string;
  readonly 'metadata.namespace': string;
  readonly 'spec.serviceAccountName': string;
  readonly 'status.podIP'?: string;
}

/** The environment of a container as the kubelet would set it; resource limits have no meaning here and are left out. */
export function containerEnvironment(container: Container, facts: PodFacts): Record<string, string> {
  const environment: Record<string, string> = {};
  const known: Readonly<Record<string, string | undefined>> = { ...facts };
  for (const { name, value, valueFrom } of container.env ?? []) {
    const resolved = valueFrom === undefined ? (value ?? '') : known[valueFrom.fieldRef?.fieldPath ?? ''];
    if (resolved !== undefined) environment[name] = expand(resolved, environment);
  }
  return environment;
}

/** The arguments of a container, with `$(NAME)` expanded from its environment as Kubernetes does. */
export function containerArgs(container: Container, environment: Readonly<Record<string, string>>): readonly string[] {
  return (container.args ?? []).map((arg) => expand(arg, environment));
}

function expand(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (reference, name: string) => environment[name] ?? reference);
}
