import { expect, it } from 'vitest';
import { learnIn } from '../../cli/page/run-learn.ts';
import { parseCommandLine } from '../../cli/command-line/parse-command-line.ts';
import type { RunCommand } from '../../platform/processes/run-command.ts';

const options = { signal: new AbortController().signal, timeoutMs: 1000, onErrorLine: () => undefined };

it.each([[['answer', '--help']], [['answer', '--lab=/etc']], [['start', '-q']], [['check']], [[]]])(
  'learn is run in the lab with words that are no flags: %j',
  async (words) => {
    const ran: (readonly unknown[])[] = [];
    const runCommand: RunCommand = (program, own, { cwd }) => {
      ran.push([program, own[0], cwd]);
      const { line, problems } = parseCommandLine(own.slice(1));
      expect(problems).toEqual([]);
      expect([line.verb, line.positionals]).toEqual(['learn', words]);
      expect(line.uses.map(({ flag, text }) => [flag.name, text])).toEqual([
        ['json', 'true'],
        ['no-color', 'true'],
        ['lab', '/lab'],
      ]);
      return Promise.resolve({ kind: 'ended', exitCode: 6, stdout: '{}', stderr: '' });
    };
    expect(await learnIn({ runCommand, script: '/bin/it' }, '/lab')(words, options)).toBe('{}');
    expect(ran).toEqual([[process.execPath, '/bin/it', '/lab']]);
  },
);

it('has no answer when it was ended', async () => {
  const runCommand: RunCommand = () => Promise.resolve({ kind: 'stopped' });
  expect(await learnIn({ runCommand, script: '/bin/it' }, '/lab')([], options)).toBeUndefined();
});
