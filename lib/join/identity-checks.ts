import { type Problems, rule } from '../core/problems';
import { checkDnsLabel, checkDnsSubdomain, checkRequired } from '../core/values/names';
import type { KubernetesSubject } from './kubernetes-subject';
import type { MachineIdentity } from './machine-identity';

const FILE_PATH = rule({
  id: 'identity/file-path',
  origin: 'meshvm',
  allowed: 'the absolute path of a file on the machine, such as /etc/meshvm/token',
  remedy: 'put the file on the machine by other means and give its path; its content must not pass through the program',
  source: 'meshvm: no secret in the program, its output or the user-data',
});
const SERVICE_ACCOUNT_EMAIL = rule({
  id: 'identity/google-service-account',
  origin: 'meshvm',
  allowed: '<name>@<project>.iam.gserviceaccount.com',
  remedy: 'give the email of the service account that the machines run as',
  source: 'GKE: the user name of a Google service account is its email',
});
const DEFAULT_SERVICE_ACCOUNT = rule({
  id: 'identity/google-default-service-account',
  origin: 'meshvm',
  allowed: "a service account of the group's own",
  remedy: 'make a service account for the machines of the group, and let them run as it',
  source:
    'Google Cloud: every machine of the project runs as the default service account unless somebody says otherwise',
});
const GUID = rule({
  id: 'identity/azure-guid',
  origin: 'meshvm',
  allowed: 'a GUID in lower case, such as 6dae42f8-4368-4678-94ff-3960e28e3630',
  remedy: 'objectId is the principal ID of the managed identity, not its resource ID or name',
  source: 'AKS: the user name of a managed identity is its object ID',
});
const TOO_WIDE = rule({
  id: 'identity/subject-too-wide',
  origin: 'meshvm',
  allowed: 'a user or group of your own; names that start with "system:" are Kubernetes\'s',
  remedy: 'give the machines of a group a user or group of their own',
  source:
    'Kubernetes: system:authenticated is everybody, system:masters may do everything; EKS access entries refuse the prefix',
});

/** What no cloud and no cluster would know, and what would put a secret where a path belongs. */
export function checkIdentity(problems: Problems, identity: MachineIdentity): void {
  const { eks, gke, aks, tokenFile, kubeconfig } = identity;
  if (eks !== undefined) {
    checkRequired(problems, 'eks.cluster', eks.cluster);
    if (eks.region !== undefined) checkRequired(problems, 'eks.region', eks.region);
    if (eks.kubernetesGroup !== undefined) checkSubjectName(problems, 'eks.kubernetesGroup', eks.kubernetesGroup);
  }
  if (gke !== undefined) checkServiceAccountEmail(problems, 'gke.serviceAccountEmail', gke.serviceAccountEmail);
  if (aks !== undefined) {
    problems.check(GUID, 'aks.objectId', aks.objectId, isGuid);
    problems.check(GUID, 'aks.clientId', aks.clientId, isGuid);
  }
  if (tokenFile !== undefined) {
    checkFilePath(problems, 'tokenFile.path', tokenFile.path);
    checkSubject(problems.at('tokenFile.subject'), tokenFile.subject);
  }
  if (kubeconfig !== undefined) {
    checkFilePath(problems, 'kubeconfig.path', kubeconfig.path);
    if (kubeconfig.context !== undefined) checkRequired(problems, 'kubeconfig.context', kubeconfig.context);
    checkSubject(problems.at('kubeconfig.subject'), kubeconfig.subject);
  }
}

/** Names that Kubernetes refuses, and those that are everybody. */
export function checkSubject(problems: Problems, { user, group, serviceAccount }: KubernetesSubject): void {
  if (user !== undefined) checkSubjectName(problems, 'user', user);
  if (group !== undefined) checkSubjectName(problems, 'group', group);
  if (serviceAccount !== undefined) {
    checkDnsLabel(problems, 'serviceAccount.namespace', serviceAccount.namespace);
    checkDnsSubdomain(problems, 'serviceAccount.name', serviceAccount.name);
  }
}

function checkSubjectName(problems: Problems, property: string, name: string): void {
  checkRequired(problems, property, name);
  problems.check(TOO_WIDE, property, name, () => !name.startsWith('system:'));
}

/** A path on the machine, and not what stands in the file. */
function checkFilePath(problems: Problems, property: string, path: string): void {
  const isPath = /^(\/[A-Za-z0-9._@%+=:,-]+)+$/.test(path) && path.length <= 255;
  problems.check(FILE_PATH, property, path, () => isPath, { shown: withoutContent(path) });
}

function checkServiceAccountEmail(problems: Problems, property: string, email: string): void {
  const isDefault = /^[0-9]+-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$/.test(email);
  if (isDefault) problems.add(DEFAULT_SERVICE_ACCOUNT, property, email);
  else {
    problems.check(SERVICE_ACCOUNT_EMAIL, property, email, () =>
      /^[a-z0-9.-]+@[a-z0-9.:-]+\.iam\.gserviceaccount\.com$/.test(email),
    );
  }
}

/** A GUID as Entra ID prints it. */
function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** A secret that was given in place of a path must not come back in the error's text. */
function withoutContent(text: string): string {
  return text.length > 64 || text.includes('\n') ? `${text.length} characters` : text;
}
