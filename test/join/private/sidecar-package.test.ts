import { Problems } from '../../../lib/core/problems';
import { checkSidecarPackage, packageSource } from '../../../lib/join/private/sidecar-package';
import { SidecarPackage } from '../../../lib/join/sidecar-package';

const debAmd64 = 'a'.repeat(64);

/** What is wrong with a source of the package. */
function problemsWith(source: SidecarPackage): readonly string[] {
  const problems = new Problems();
  checkSidecarPackage(problems, source);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

test.each<[SidecarPackage, readonly string[]]>([
  [SidecarPackage.pinned({}), ['pinned [package/sha256]']],
  [SidecarPackage.pinned({ debAmd64, rpmArm64: 'abc' }), ['pinned.rpmArm64 [package/sha256]']],
  [SidecarPackage.pinned({ debAmd64 }, 'https://user:pw@mirror'), ['pinned.baseUrl [package/base-url]']],
  [SidecarPackage.pinned({ debAmd64 }, 'https://mirror/'), ['pinned.baseUrl [package/base-url]']],
  // Nothing but TLS says then who made the package.
  [SidecarPackage.published('http://mirror'), ['published.baseUrl [package/base-url]']],
])('a source that proves nothing is refused: %j', (source, expected) => {
  expect(problemsWith(source)).toStrictEqual(expected);
});

test('a plain mirror is good for a package whose checksum is known', () => {
  const source = SidecarPackage.pinned({ debAmd64 }, 'http://mirror:8080/istio');
  expect(problemsWith(source)).toStrictEqual([]);
  expect(packageSource(source)).toStrictEqual({
    verification: 'pinned',
    baseUrl: 'http://mirror:8080/istio',
    checksums: { debAmd64 },
  });
});

test("packages come from Istio's own releases unless somebody says otherwise", () => {
  const published = { verification: 'published', baseUrl: SidecarPackage.RELEASES, checksums: {} };
  expect(packageSource(SidecarPackage.published())).toStrictEqual(published);
  expect(packageSource({ pinned: { debAmd64 } }).baseUrl).toBe(SidecarPackage.RELEASES);
  expect(packageSource(SidecarPackage.preinstalled()).verification).toBe('preinstalled');
});
