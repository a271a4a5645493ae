import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names of a certificate's files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority whose key the tests have: they issue what they like, also what no honest one would. */
export class Authority {
  static create(organization: string): Authority {
    const folder = mkdtempSync(join(tmpdir(), 'meshvm-authority-'));
    const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    const files = ['-keyout', join(folder, 'ca-key.pem'), '-out', join(folder, 'ca-cert.pem')];
    const subject = ['-days', '2', '-subj', `/O=${organization}`];
    openssl(['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...added, ...files]);
    const root = readFileSync(join(folder, 'ca-cert.pem'));
    // What istiod wants beside the two.
    for (const name of ['root-cert.pem', 'cert-chain.pem']) writeFileSync(join(folder, name), root);
    return new Authority(folder);
  }

  private issued = 0;

  private constructor(
    /** As istiod takes it: `ROOT_CA_DIR`. */
    readonly folder: string,
  ) {}

  /** File of the root certificate. */
  get rootFile(): string {
    return join(this.folder, 'root-cert.pem');
  }

  /** Issues a certificate for one name, such as `URI:spiffe://…` or `DNS:…`. */
  issue(subjectAltName: string): CertificateFiles {
    this.issued += 1;
    const path = (kind: string) => join(this.folder, `${this.issued}.${kind}`);
    const extensions = [`subjectAltName=critical,${subjectAltName}`, 'extendedKeyUsage=serverAuth,clientAuth'];
    writeFileSync(path('ext'), `${extensions.join('\n')}\n`);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path('key')];
    openssl(['req', ...key, '-subj', '/O=machine', '-out', path('csr')]);
    const by = ['-CA', join(this.folder, 'ca-cert.pem'), '-CAkey', join(this.folder, 'ca-key.pem')];
    const request = ['-req', '-in', path('csr'), '-days', '1', '-set_serial', String(1000 + this.issued)];
    openssl(['x509', ...request, ...by, '-extfile', path('ext'), '-out', path('pem')]);
    return { certificate: path('pem'), key: path('key') };
  }

  /** Puts a certificate and this authority's root into a folder that Envoy watches, as whoever renews certificates does it. */
  install(folder: string, { certificate, key }: CertificateFiles): void {
    mkdirSync(folder, { recursive: true });
    const wanted = { 'key.pem': key, 'cert-chain.pem': certificate, 'root-cert.pem': this.rootFile };
    for (const [name, source] of Object.entries(wanted)) {
      writeFileSync(`${folder}.${name}.new`, readFileSync(source), { mode: 0o600 });
      renameSync(`${folder}.${name}.new`, join(folder, name));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
