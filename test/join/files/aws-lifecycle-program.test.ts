import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AWS_LIFECYCLE_PROGRAM } from '../../../lib/join/files/aws-lifecycle-program';
import { withoutComments } from '../../../lib/join/files/python-program';

const folder = join(__dirname, '..', '..', '..', 'lib', 'join');
const program = withoutComments(readFileSync(join(folder, 'agent', 'aws_lifecycle.py'), 'utf8'));

/** MESHVM_PACK=1 npx jest test/join/files/aws-lifecycle-program.test.ts */
if (process.env.MESHVM_PACK) {
  const text = gzipSync(program, { level: 9 }).toString('base64');
  const file = join(folder, 'files', 'aws-lifecycle-program.ts');
  const source = readFileSync(file, 'utf8').replace(/^ {2}'.*';$/m, `  '${text}';`);
  writeFileSync(file, source);
}

test('the packed program is aws_lifecycle.py; after a change of it run this test with MESHVM_PACK=1', () => {
  expect(gunzipSync(Buffer.from(AWS_LIFECYCLE_PROGRAM, 'base64')).toString()).toBe(program);
});
