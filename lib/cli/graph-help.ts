/** What the command does, in a line. */
export const GRAPH_SUMMARY = 'Draws an environment from its Kubernetes and Istio YAML';

/** What `meshvm graph --help` prints. */
export const GRAPH_HELP = `${GRAPH_SUMMARY}, as Mermaid or SVG.

Usage: meshvm graph [options] <file | folder | -> ...

  It draws gateways, networks, WorkloadGroups, WorkloadEntries, pods, Services and ServiceEntries; who may call whom, how
  traffic is shared, and what is open. No cluster is asked: the picture shows what the files say. A folder stands for the
  .yaml, .yml and .json files in it, and - for standard input.

Options:
  -f, --format <mermaid|svg>   Default: svg if the output is a file that ends with .svg, else mermaid.
  -o, --output <file>          Where to write. Default: standard output.
  -R, --recursive              Folders within folders, too.
  -n, --namespace <name>       Namespace of objects that name none. Default: they stand in a frame of their own.
      --root-namespace <name>  Namespace whose policies hold for the whole mesh. Default: what an IstioOperator among the
                               objects says, else istio-system.
      --title <text>           What stands over the picture.
  -h, --help                   This text.

Exit status:
  0  The picture is written. What could not be drawn is named in it, and on standard error.
  1  Input could not be read or is no valid YAML of Kubernetes objects, or the output could not be written. Nothing is
     written.
  2  The command line is not understood.

Examples:
  meshvm graph dist/
  meshvm graph dist/ --output environment.svg
  kubectl get -o yaml --all-namespaces \\
    svc,gateways.networking.istio.io,workloadgroups,workloadentries,serviceentries,virtualservices,destinationrules,\\
authorizationpolicies,peerauthentications,sidecars.networking.istio.io | meshvm graph -
`;
