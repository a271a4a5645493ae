/**
 * A real control plane and real machines for tests: etcd, kube-apiserver, istiod, pilot-agent and Envoy, driven from
 * TypeScript. Start with {@link ControlPlane}, then {@link Gateway} and {@link Machine}.
 *
 * Plain manifests go in, so that a test can use the library's own output or write its own by hand.
 */
export { ApiServer } from './api-server';
export { type CommandOptions, type CommandResult, runCommand } from './command';
export { ControlPlane, type ControlPlaneOptions } from './control-plane';
export { eventually } from './eventually';
export { Gateway, type GatewayOptions } from './gateway';
export type { InstallationOptions } from './installation';
export { Istiod, type IstiodOptions } from './istiod';
export { IstiodDebug, type ListenerSummary, type ProxyState } from './istiod-debug';
export { type Accepted, KubeClient, type Outcome, type Refused, RefusedError } from './kube-client';
export {
  describe as describeObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type Manifest,
  objectsInFile,
  objectsInYaml,
  type StoredObject,
} from './kubernetes-object';
export {
  type ConfigureOptions,
  configureMachine,
  healthOf,
  Machine,
  type MachineFiles,
  type MachineOptions,
} from './machine';
export { type HostNames, Lan, NetworkHost } from './network';
export { publishPod } from './pod-endpoints';
export { ManagedProcess } from './process';
export { AUDIENCE, TokenIssuer } from './token-issuer';
export { GiveUp, type WaitOptions, waitUntil } from './wait';
export { webToken } from './web-token';
