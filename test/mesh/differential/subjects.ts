import { authorization } from './authorization';
import type { Subject } from './differential';
import { eastWestGateway } from './east-west-gateway';
import { egressScope } from './egress';
import { meshVm, meshVmGroup } from './machines';
import { mutualTls } from './mutual-tls';
import { canaryRelease, migration } from './release';
import { requestAuthentication } from './request-authentication';
import { vmServiceEntry } from './service-entry';
import { standaloneInbound } from './standalone-inbound';
import { telemetry } from './telemetry';
import { trafficPolicy } from './traffic';

/** Every construct that is compared, in three test files that take about the same time. */
export const SUBJECTS: Readonly<Record<'machines' | 'gateways' | 'policies', readonly Subject<unknown>[]>> = {
  machines: [meshVmGroup, meshVm, vmServiceEntry, egressScope],
  gateways: [eastWestGateway, standaloneInbound, mutualTls],
  policies: [authorization, requestAuthentication, telemetry, trafficPolicy, canaryRelease, migration],
};
