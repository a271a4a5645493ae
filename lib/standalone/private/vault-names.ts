import { isDeferred, type Problems, rule } from '../../core/problems';

const PATH = rule({
  id: 'vault/path',
  origin: 'meshvm',
  allowed: 'names of letters, digits, "_", "-" and ".", joined by "/"',
  remedy: 'give the path alone, without "/" at its start and end; "+" and "*" would widen the policy',
  source: 'Vault: a policy reads "+" and a "*" at the end of a path as wildcards',
});
const ROLE = rule({
  id: 'vault/role',
  origin: 'meshvm',
  allowed: 'a-z, 0-9, "_", "-" and ".", first and last a letter or digit',
  remedy: 'choose such a name; the role and the policy get it',
  source: 'Vault framework.GenericNameRegex; Vault writes names of policies in lower case',
});
const ADDRESS = rule({
  id: 'vault/address',
  origin: 'meshvm',
  allowed: 'an https URL with a host, a port unless it is 443, and no user, path or query; http on loopback alone',
  remedy: 'give the address of Vault as the machine reaches it',
  source: "meshvm: the agent sends the machine's credential there",
});

/** Where something is mounted in Vault. */
export function checkVaultPath(problems: Problems, property: string, value: string): void {
  const names = (path: string) =>
    /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/.test(path) &&
    !path.split('/').some((part) => part === '.' || part === '..');
  problems.check(PATH, property, value, names);
}

/** Name of a role, which the policy has, too. */
export function checkVaultRole(problems: Problems, property: string, value: string): void {
  problems.check(ROLE, property, value, (name) => /^[a-z0-9]([a-z0-9_.-]*[a-z0-9])?$/.test(name));
}

/** Where Vault is. */
export function checkVaultAddress(problems: Problems, property: string, value: string): void {
  const host = '([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+\\])';
  const form = new RegExp(`^(https://${host}|http://(127\\.[0-9.]+|localhost|\\[::1\\]))(:[0-9]{1,5})?$`);
  if (isDeferred(value) || form.test(value)) return;
  problems.add(ADDRESS, property, value.replace(/\/\/[^/@]*@/, '//...@'));
}
