/**
 * Pulumi components over the very builders of the cdk8s constructs. Needs `@pulumi/pulumi` and `@pulumi/kubernetes`.
 *
 * @packageDocumentation
 */
export * from './authorization-policy';
export * from './bootstrap-args';
export * from './caller-args';
export * from './canary-release';
export * from './chart-source-args';
export * from './control-plane';
export * from './control-plane-args';
export * from './deny-by-default';
export * from './east-west-gateway';
export * from './egress-scope';
export * from './extension-provider-args';
export * from './gateway-chart-args';
export * from './gateway-exposure-args';
export * from './gateway-pods-args';
export * from './helm-release-gateway';
export * from './load-balancer-args';
export * from './load-balancing-args';
export * from './locality-balancing-args';
export * from './machine-args';
export * from './machine-discovery-args';
export * from './machine-identity-args';
export * from './machine-scrape-config';
export * from './mesh-args';
export * from './mesh-network-args';
export * from './mesh-vm';
export * from './mesh-vm-alerts';
export * from './mesh-vm-dashboard';
export * from './mesh-vm-group';
export * from './migration';
export * from './monitored-group-args';
export * from './mutual-tls';
export * from './probe-args';
export * from './reference-args';
export * from './request-authentication';
export * from './request-match-args';
export * from './retries-args';
export * from './telemetry';
export * from './telemetry-args';
export * from './traffic-policy';
export * from './traffic-settings-args';
export * from './traffic-target-args';
export * from './trusted-roots-args';
export * from './upstream-tls-args';
export * from './user-data-args';
export * from './vm-service-endpoints-args';
export * from './vm-service-entry';
export * from './workload-entry-metrics';
export * from './workload-target-args';
