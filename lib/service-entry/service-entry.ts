/**
 * A ServiceEntry as the builder sees it, every default filled in. Lists and keys are plain; leaves may be values that are known only
 * at deployment.
 */
export interface ServiceEntry {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[] | undefined;
  readonly ports: readonly ServiceEntryPortSpec[];
  /** MESH_INTERNAL or MESH_EXTERNAL. */
  readonly location: string;
  /** NONE, STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS. */
  readonly resolution: string;
  readonly endpoints: readonly ServiceEntryEndpointSpec[] | undefined;
  /** Labels of the machines behind the hosts. */
  readonly workloadLabels: Readonly<Record<string, string>> | undefined;
  readonly exportTo: readonly string[] | undefined;
  readonly subjectAltNames: readonly string[] | undefined;
}

/** A port of a ServiceEntry. */
export interface ServiceEntryPortSpec {
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
  readonly targetPort: number | undefined;
}

/** An endpoint that a ServiceEntry lists. */
export interface ServiceEntryEndpointSpec {
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string | undefined;
  readonly locality: string | undefined;
  readonly weight: number | undefined;
  readonly serviceAccount: string | undefined;
}
