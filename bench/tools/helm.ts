import { join } from 'node:path';
import { ensureGoTool } from './go-tool';

/** Path of Helm, pinned in helm/go.mod and built first if it is not in the cache. */
export function ensureHelm(): Promise<string> {
  return ensureGoTool({ name: 'helm', module: join(__dirname, 'helm'), target: 'helm.sh/helm/v4/cmd/helm' });
}
