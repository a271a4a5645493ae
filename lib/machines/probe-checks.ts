import { type Problems, rule } from '../core/problems';
import { checkPortNumber } from '../core/values/ports';
import type { KubernetesHttpGet, KubernetesProbe } from './kubernetes-probe';

const METHOD = rule({
  id: 'probe/one-method',
  origin: 'istio',
  allowed: 'exactly one of httpGet, tcpSocket and exec',
  remedy: 'say how the sidecar asks the application; without a probe, leave the property out',
  source: 'istio ValidateWorkloadGroup: a probe without a method passes the CRD and fails the webhook',
});
const GRPC = rule({
  id: 'probe/grpc',
  origin: 'istio',
  allowed: 'httpGet, tcpSocket or exec',
  remedy: 'use exec with a gRPC health client such as grpc_health_probe, or tcpSocket',
  source: 'istio validateReadinessProbe: grpc is an unknown health check method to the webhook',
});
const THRESHOLD = rule({
  id: 'probe/threshold',
  origin: 'istio',
  allowed: 'a whole number from 0 to 2147483647; 0 means the default',
  remedy: 'give whole seconds or a whole count',
  source: 'istio validateReadinessProbe; int32 in the CRD',
});
const SCHEME = rule({
  id: 'probe/scheme',
  origin: 'istio',
  allowed: 'HTTP or HTTPS, in capitals',
  remedy: 'use one of the two',
  source: 'istio validateReadinessProbe',
});
const HEADER = rule({
  id: 'probe/header-name',
  origin: 'istio',
  allowed: 'letters, digits and "-"',
  remedy: 'rename the header',
  source: 'istio ValidateProbeHeaderName; the CRD allows "_", the webhook does not',
});
const COMMAND = rule({
  id: 'probe/command',
  origin: 'istio',
  allowed: 'at least one word, none of them empty',
  remedy: 'give the program and its arguments as separate strings',
  source: 'istio validateReadinessProbe; the CRD requires command words of at least one character',
});
const PATH = rule({
  id: 'probe/path',
  origin: 'ignored',
  allowed: 'a path that starts with "/"',
  remedy: 'write the path from its first "/"',
  source: 'istio pkg/istio-agent/health parses it as a URL: what stands before the first "/" is misread',
});

const THRESHOLDS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;
const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'] as const;

/** Everything that Istio's webhook, or the agent later, would hold against a probe. */
export function checkProbe(problems: Problems, probe: KubernetesProbe): void {
  const { grpc, httpGet, tcpSocket, exec } = probe;
  if (grpc !== undefined) problems.add(GRPC, 'grpc', grpc);
  const methods = METHODS.filter((method) => probe[method] !== undefined);
  if (methods.length !== 1) problems.add(METHOD, '', methods);
  for (const property of THRESHOLDS) problems.check(THRESHOLD, property, probe[property], isThreshold);
  if (httpGet !== undefined) checkHttpGet(problems.at('httpGet'), httpGet);
  if (tcpSocket !== undefined) checkPortNumber(problems, 'tcpSocket.port', tcpSocket.port);
  problems.check(COMMAND, 'exec.command', exec?.command, (words) => words.length > 0 && !words.includes(''));
}

function checkHttpGet(problems: Problems, { port, path, scheme, httpHeaders = [] }: KubernetesHttpGet): void {
  checkPortNumber(problems, 'port', port);
  problems.check(PATH, 'path', path, (known) => known.startsWith('/'));
  problems.check(SCHEME, 'scheme', scheme, (known) => known === 'HTTP' || known === 'HTTPS');
  httpHeaders.forEach(({ name }, index) => {
    problems.check(HEADER, `httpHeaders[${index}].name`, name, (known) => /^[-A-Za-z0-9]+$/.test(known));
  });
}

function isThreshold(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}
