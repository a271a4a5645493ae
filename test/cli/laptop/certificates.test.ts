import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCertificates } from '../../../lib/cli/laptop/certificates';
import { anEnvoy } from '../../standalone/envoy/spec';

const ID = anEnvoy().identity;
const DAY = 24 * 60 * 60 * 1000;

let folder: string;
let now: Date;

/** A certificate of its own authority, for ten days. */
function issue(subjectAltName: string): void {
  const options = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '10',
    '-subj',
    '/O=x',
  ];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert-chain.pem')];
  const { status, stderr } = spawnSync(
    'openssl',
    ['req', '-x509', ...options, '-addext', `subjectAltName=${subjectAltName}`, ...files],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  chmodSync(join(folder, 'key.pem'), 0o600);
  copyFileSync(join(folder, 'cert-chain.pem'), join(folder, 'root-cert.pem'));
  now = new Date();
}

const check = (at = now) => checkCertificates(anEnvoy({ tls: { ...anEnvoy().tls, directory: folder } }), at);
const heads = (at?: Date) => check(at).problems.map((problem) => problem.split('\n', 1)[0]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-certificates-'));
  issue(`URI:${ID}`);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a good one, and how long', () => {
  expect(check(new Date(now.getTime() + DAY / 2))).toStrictEqual({ problems: [], daysLeft: 9 });
});

test('files that are not there are named, each', () => {
  for (const name of ['key.pem', 'root-cert.pem']) rmSync(join(folder, name));
  expect(check().problems).toStrictEqual(
    ['key.pem', 'root-cert.pem'].map((name) => {
      const path = join(folder, name);
      return `${path} can't be read: ENOENT: no such file or directory, open '${path}'\n  fix: put the file there; whoever issues certificates for the mesh gives you one for this identity`;
    }),
  );
});

test('a key that others may read', () => {
  const key = join(folder, 'key.pem');
  chmodSync(key, 0o640);
  expect(check().problems).toStrictEqual([
    `${key} may be read by others: its mode is 0640\n  allowed: 0600\n  fix: chmod 0600 ${key}`,
  ]);
});

test.each([
  ['URI:spiffe://cluster.local/ns/laptops/sa/other', 'spiffe://cluster.local/ns/laptops/sa/other'],
  [`URI:${ID},URI:spiffe://b`, `${ID} and spiffe://b`],
  ['DNS:laptop', 'no identity'],
])('a certificate for %s is not that of the machine', (name, shown) => {
  issue(name);
  expect(heads()).toStrictEqual([`${join(folder, 'cert-chain.pem')} is a certificate of ${shown}`]);
});

test('one whose time is over, or has not come', () => {
  expect(heads(new Date(now.getTime() + 11 * DAY))).toStrictEqual([
    expect.stringMatching(/cert-chain\.pem ended on .* GMT$/),
  ]);
  expect(heads(new Date(now.getTime() - DAY))).toStrictEqual([
    expect.stringMatching(/cert-chain\.pem is valid from .* GMT only$/),
  ]);
});

test('a key of another certificate', () => {
  const chain = join(folder, 'cert-chain.pem');
  copyFileSync(chain, join(folder, 'old.pem'));
  issue(`URI:${ID}`);
  copyFileSync(join(folder, 'old.pem'), chain);
  expect(heads()).toStrictEqual([`${join(folder, 'key.pem')} is not the key of ${chain}`]);
});

test('files that hold something else', () => {
  for (const name of ['cert-chain.pem', 'root-cert.pem']) writeFileSync(join(folder, name), 'nothing\n');
  expect(heads()).toStrictEqual([
    `${join(folder, 'cert-chain.pem')} holds no certificate in PEM`,
    `${join(folder, 'root-cert.pem')} holds no certificate in PEM`,
  ]);
});
