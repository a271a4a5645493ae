import type { ApiServerAddress, FirstBoot } from './user-data';

/**
 * Properties of MeshVmGroup.joinScript: what a machine that runs already is told. No secret is among it, nor may one be. Packages that are
 * installed stay as they are, files are written where they differ, and commands run once.
 * @argsOmit
 */
export interface JoinScriptProps extends ApiServerAddress, FirstBoot {}
