import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runCommand } from '../mesh/harness';
import { type Tools, toolFolder } from '../mesh/tools/tools';
import { buildOnce } from './build-once';

/** The package `istio-sidecar`, as Istio's release would carry it. */
export interface SidecarDeb {
  readonly file: string;
  readonly sha256: string;
}

/**
 * Builds `istio-sidecar.deb` from the tools, with the unit and the maintainer script of Istio's own packaging.
 *
 * Upstream: istio tools/packaging/packaging.mk, `deb/fpm`: the same files, dependencies, conffiles and `postinst`.
 */
export async function ensureSidecarDeb(tools: Tools, version: string): Promise<SidecarDeb> {
  const istioFiles = await toolFolder('istio-files');
  const postinst = join(istioFiles, 'postinst.sh');
  const unit = join(istioFiles, 'istio.service');
  const folder = await buildOnce({
    name: 'package istio-sidecar',
    // The name of a tool's folder holds the hash of what it is made from.
    ingredients: [
      ...[tools.envoy, tools.pilotAgent, postinst].map((file) => basename(dirname(file))),
      control(version),
    ],
    make: async (unfinished) => {
      const root = join(unfinished, 'root');
      const put = (from: string, to: string, mode: number): void => {
        const file = join(root, to);
        mkdirSync(dirname(file), { recursive: true });
        copyFileSync(from, file);
        chmodSync(file, mode);
      };
      put(tools.envoy, 'usr/local/bin/envoy', 0o755);
      put(tools.pilotAgent, 'usr/local/bin/pilot-agent', 0o755);
      put(tools.istioStart, 'usr/local/bin/istio-start.sh', 0o755);
      put(unit, 'lib/systemd/system/istio.service', 0o644);
      put(tools.sidecarEnv, 'var/lib/istio/envoy/sidecar.env', 0o644);
      put(tools.envoyBootstrapTemplate, 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json', 0o644);
      put(postinst, 'DEBIAN/postinst', 0o755);
      writeFileSync(join(root, 'DEBIAN/control'), control(version));
      writeFileSync(join(root, 'DEBIAN/conffiles'), CONFFILES);
      // Upstream's compression, at a level that doesn't take minutes.
      const compression = ['-Zgzip', '-z1', '--root-owner-group'];
      await runCommand('dpkg-deb', [...compression, '--build', root, join(unfinished, 'istio-sidecar.deb')], {
        timeoutSeconds: 600,
      });
      await runCommand('rm', ['-r', root]);
    },
  });
  const file = join(folder, 'istio-sidecar.deb');
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

const CONFFILES = '/var/lib/istio/envoy/envoy_bootstrap_tmpl.json\n/var/lib/istio/envoy/sidecar.env\n';

function control(version: string): string {
  return `Package: istio-sidecar
Version: ${version.replace('-', '')}
License: Apache
Vendor: istio.io
Architecture: amd64
Maintainer: istio@istio.io
Depends: iproute2, iptables, sudo, hostname
Section: default
Priority: extra
Homepage: http://istio.io
Description: Istio Sidecar
`;
}
