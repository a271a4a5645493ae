import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from './command';
import { copyWritable } from './module-files';
import type { Tool } from './tool';

/** CRDs of Argo CD and Flux, by Go module. */
const DEFINITIONS = [
  {
    module: 'github.com/argoproj/argo-cd/v3@v3.5.7',
    sum: 'h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=',
    files: ['manifests/crds/application-crd.yaml'],
  },
  {
    module: 'github.com/fluxcd/helm-controller@v1.6.4',
    sum: 'h1:u/Ew7LehrwDQaE/NqWdaB3XnNDCxRGDcp1FZl7RKj4g=',
    files: ['config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml'],
  },
  {
    module: 'github.com/fluxcd/source-controller@v1.9.5',
    sum: 'h1:MFPyCodUi9hZIMaKDsC/rYbNoyzpvrAdrPVixj7W9F0=',
    files: [
      'config/crd/bases/source.toolkit.fluxcd.io_helmrepositories.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml',
    ],
  },
];

/** The CRDs of what delivers a control plane's installation: Argo CD and Flux. */
export const DELIVERY_DEFINITIONS: Tool = {
  ingredients: async () => [readFileSync(__filename)],
  make: async (folder) => {
    for (const { module, sum, files } of DEFINITIONS) {
      // Outside of any Go module; go checks the checksum database, and we what we have pinned.
      const answer = JSON.parse(await run('go', ['mod', 'download', '-json', module], folder)) as Downloaded;
      if (answer.Sum !== sum) throw new Error(`${module} has the checksum ${answer.Sum}, not ${sum}.`);
      for (const file of files) copyWritable(join(answer.Dir, file), join(folder, basename(file)));
    }
  },
};

interface Downloaded {
  readonly Dir: string;
  readonly Sum: string;
}
