/**
 * Pulumi components over the very builders of the cdk8s constructs. Needs `@pulumi/pulumi` and `@pulumi/kubernetes`.
 *
 * @packageDocumentation
 */
export * from './bootstrap-args';
export * from './chart-source-args';
export * from './control-plane';
export * from './control-plane-args';
export * from './east-west-gateway';
export * from './extension-provider-args';
export * from './gateway-chart-args';
export * from './gateway-exposure-args';
export * from './gateway-pods-args';
export * from './helm-release-gateway';
export * from './load-balancer-args';
export * from './machine-args';
export * from './machine-identity-args';
export * from './mesh-args';
export * from './mesh-network-args';
export * from './mesh-vm';
export * from './mesh-vm-group';
export * from './probe-args';
export * from './user-data-args';
