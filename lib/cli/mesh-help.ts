/** What the command does, in a line. */
export const MESH_SUMMARY = 'Reads the mesh of a cluster, writes it as code, and tells what machines lack there';

/** What `meshvm mesh --help` prints. */
export const MESH_HELP = `${MESH_SUMMARY}.

Usage: meshvm mesh [options]

  It asks the cluster of kubectl's current context, by kubectl and with its credentials, and changes nothing. It reads the Deployment
  of istiod and its ConfigMaps, the labels of its namespace, webhooks of injection, Services, Gateways and the kinds that are served;
  no Secret. What may not be read is told.

Options:
      --context <name>            Context of the kubeconfig. Default: the current one.
      --kubeconfig <file>         Default: kubectl's.
  -i, --istio-namespace <name>    Namespace of istiod. Default: istio-system.
      --revision <name>           Revision or revision tag, where there are several.
      --pulumi                    Writes MeshArgs of meshvm/pulumi.
      --json                      Prints what was read and what is needed as JSON.
  -h, --help                      This text.

Exit status:
  0  The mesh is written. What machines need and is not there stands below it, as comments.
  1  The cluster does not answer, or has no such istiod. Nothing is written.
  2  The command line is not understood.

Examples:
  npx meshvm mesh >mesh.ts
  npx meshvm mesh --context prod-eu --revision stable --pulumi
`;
