/** Whether meshvm knows the control planes of a version, which is written major.minor.patch. */
export function isSupportedVersion(version: string): boolean {
  const match = /^1\.(\d+)\.\d+(-[0-9A-Za-z.-]+)?$/.exec(version);
  return match !== null && Number(match[1]) >= LEAST_MINOR;
}

const LEAST_MINOR = 30;
