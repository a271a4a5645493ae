import { join } from 'node:path';
import { ensureGoTool } from './go-tool';

/** Path of Fortio, a server and load generator, pinned in fortio/go.mod and built first if it is not in the cache. */
export function ensureFortio(): Promise<string> {
  return ensureGoTool({ name: 'fortio', module: join(__dirname, 'fortio'), target: 'fortio.org/fortio' });
}
