import { spawnSync } from 'node:child_process';
import { agentSource } from '../../../lib/join/agent-source';
import { joinModules, withoutComments } from '../../../lib/join/files/python-program';

const BASE = {
  name: 'base',
  text: '"""What all need.\n\nMore of it.\n"""\nimport os\nimport json\n\nROOT = os.sep\nONE, TWO = 1, 2\n\n\ndef read():\n    return json\n',
};
const MAIN = {
  name: 'main',
  text: '#!/usr/bin/python3 -I\n"""What it is."""\nimport os\nfrom email.utils import quote\n\nfrom .base import (\n    ROOT, TWO,\n    read\n)\n\n\ndef go():\n    # why\n    return quote(ROOT), os, TWO, read\n',
};

describe('joinModules', () => {
  test('imports stand together, each module under its docstring, and the first lines are those of the last', () => {
    const rule = `# ${'-'.repeat(117)}`;
    expect(joinModules([BASE, MAIN])).toBe(
      [
        ...['#!/usr/bin/python3 -I', '"""What it is."""', '# Read it in this order: 1 base, 2 main.'],
        ...['from email.utils import quote', 'import json', 'import os', ''],
        ...[rule, '# 1. base', '#', '# What all need.', '#', '# More of it.', rule, ''],
        ...['ROOT = os.sep', 'ONE, TWO = 1, 2', '', '', 'def read():', '    return json', '', ''],
        ...[rule, '# 2. main', rule, '', 'def go():', '    # why', '    return quote(ROOT), os, TWO, read', ''],
      ].join('\n'),
    );
  });

  test.each([
    [
      'a module that is not there',
      [MAIN],
      'main.py imports ROOT of base.py, which does not define it or is not joined',
    ],
    ['a module that comes later', [MAIN, BASE], 'main.py imports ROOT of base.py'],
    ['a name that nobody defines', [{ ...BASE, text: 'ROOT = 1\nTWO = 2\n' }, MAIN], 'main.py imports read of base.py'],
    [
      'a name of two modules',
      [BASE, { name: 'other', text: 'def read():\n    pass\n' }],
      'other.py defines read, as base.py does',
    ],
    [
      'an import below the head',
      [BASE, { name: 'late', text: 'x = 1\nfrom .base import ROOT\n' }],
      'late.py imports another module',
    ],
  ])('%s is an error', (_, modules, message) => {
    expect(() => joinModules(modules)).toThrow(message);
  });
});

test('withoutComments drops what only readers need', () => {
  const program =
    '#!/first\n"""What\nit is."""\nimport os\n\n\n# alone\ndef go():\n    """How."""\n    return "# no  comment"  # why\n';
  expect(withoutComments(program)).toBe('#!/first\nimport os\ndef go():\n    return "# no  comment"\n');
});

describe('agentSource', () => {
  test.each(['agent', 'firstStage', 'certificate'] as const)('%s is a program', (kind) => {
    const compile = ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'];
    expect(spawnSync('python3', compile, { input: agentSource()[kind], encoding: 'utf8' }).stderr).toBe('');
  });

  test('what keeps certificates has the credentials of all clouds, and none of the parts that change a machine', () => {
    const { certificate } = agentSource();
    for (const kind of ['eks', 'gke', 'aks', 'tokenFile']) expect(certificate).toContain(`'${kind}': `);
    for (const name of ['systemctl', 'iptables', 'apt-get', '/etc/hosts']) expect(certificate).not.toContain(name);
  });
});
