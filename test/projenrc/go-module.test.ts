import { downloadModule } from '../../projenrc/imports/go-module';

const path = process.env.PATH;
afterEach(() => {
  process.env.PATH = path;
});

test('without Go, the error says what needs it and where to get it', () => {
  process.env.PATH = '/nonexistent';
  expect(() => downloadModule({ path: 'istio.io/api', version: 'v1.31.1' })).toThrow(
    'imports/ is generated from Go modules, and there is no `go` on the PATH. Install Go (https://go.dev/dl).',
  );
});
