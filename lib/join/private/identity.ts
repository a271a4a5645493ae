import { isDeferred, type Problems, rule } from '../../core/problems';

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

/** A path on the machine, and not what stands in the file. */
export function checkFilePath(problems: Problems, property: string, value: unknown): void {
  if (isDeferred(value)) return;
  if (typeof value !== 'string' || !/^(\/[A-Za-z0-9._@%+=:,-]+)+$/.test(value) || value.length > 255) {
    problems.add(FILE_PATH, property, withoutContent(value));
  }
}

/** Email of a Google service account. */
export function checkServiceAccountEmail(problems: Problems, property: string, value: unknown): void {
  if (isDeferred(value)) return;
  if (/^[0-9]+-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$/.test(String(value))) {
    problems.add(DEFAULT_SERVICE_ACCOUNT, property, value);
  } else if (typeof value !== 'string' || !/^[a-z0-9.-]+@[a-z0-9.:-]+\.iam\.gserviceaccount\.com$/.test(value)) {
    problems.add(SERVICE_ACCOUNT_EMAIL, property, value);
  }
}

/** A GUID as Entra ID prints it. */
export function checkGuid(problems: Problems, property: string, value: unknown): void {
  if (isDeferred(value)) return;
  if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) {
    problems.add(GUID, property, value);
  }
}

/** A secret that was given in place of a path must not come back in the error's text. */
function withoutContent(value: unknown): unknown {
  return typeof value === 'string' && (value.length > 64 || value.includes('\n'))
    ? `${value.length} characters`
    : value;
}
