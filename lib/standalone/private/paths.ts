import { type Problems, rule } from '../../core/problems';

const ABSOLUTE_PATH = rule({
  id: 'standalone/absolute-path',
  origin: 'meshvm',
  allowed: 'an absolute path of letters, digits, ".", "_", "-", "/" without "..", no "/" at its end',
  remedy: 'write the whole path, such as /etc/meshvm-envoy',
  source: 'meshvm: the path stands in configuration, units and shell lines of the machine',
});
const FILE_NAME = rule({
  id: 'standalone/file-name',
  origin: 'meshvm',
  allowed: 'a name of letters, digits, ".", "_" and "-"',
  remedy: 'give the name alone; the folder has a property of its own',
  source: 'meshvm: Envoy watches the one folder that all the files lie in',
});

/** A path on the machine. Windows writes C:/ before it. */
export function checkAbsolutePath(problems: Problems, property: string, value: string | undefined): void {
  const form = /^([A-Za-z]:)?(\/[A-Za-z0-9._-]+)+$/;
  problems.check(ABSOLUTE_PATH, property, value, (path) => form.test(path) && !path.split('/').includes('..'));
}

/** The name of a file. */
export function checkFileName(problems: Problems, property: string, value: string | undefined): void {
  problems.check(FILE_NAME, property, value, (name) => /^[A-Za-z0-9._-]+$/.test(name) && name !== '.' && name !== '..');
}
