import { spawnSync } from 'node:child_process';
import { composeFirstStage } from '../../../lib/join/files/first-stage';
import { agentSource } from '../../../lib/join/private/agent-source';

describe('composeFirstStage', () => {
  test("takes the agent's own credentials and drops what only readers need", () => {
    const first =
      '#!/usr/bin/python3 -I\n"""What it is."""\nimport os\n\n\n# @credentials\n\n\ndef main():\n    # why\n    go()\n';
    const agent = 'x = 1\n# <credentials>\ndef eks():\n    """How."""\n    return 1\n# </credentials>\ny = 2\n';
    expect(composeFirstStage(first, agent)).toBe(
      '#!/usr/bin/python3 -I\nimport os\ndef eks():\n    return 1\ndef main():\n    go()\n',
    );
  });

  test('fails when the marks are gone', () => {
    expect(() => composeFirstStage('# @credentials\n', 'x = 1\n')).toThrow('mark of the credentials');
    expect(() => composeFirstStage('x = 1\n', '# <credentials>\n# </credentials>\n')).toThrow(
      'mark of the credentials',
    );
  });

  test('makes a program of the two that lie in the package', () => {
    const compile = ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'];
    expect(spawnSync('python3', compile, { input: agentSource().firstStage, encoding: 'utf8' }).stderr).toBe('');
  });
});
