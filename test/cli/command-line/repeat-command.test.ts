import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { use } from '../../../cli/questions/asking.ts';
import { repeatCommand } from '../../../cli/command-line/repeat-command.ts';
import { shellWord } from '../../../platform/processes/shell-words.ts';

const onPath = { env: {}, cwd: '/home/me', script: '/usr/local/bin/create-mesos-cluster' };

describe('the command that repeats the answers', () => {
  it('is short, and quotes only what a shell would change', () => {
    const uses = [use('preset', 'ha'), use('attributes', "rack:abc;it's"), use('native-config', 'true')];
    expect(repeatCommand('my-lab', uses, onPath)).toBe(
      String.raw`create-mesos-cluster my-lab --preset ha --attributes 'rack:abc;it'\''s' --native-config --yes`,
    );
  });

  it.each(['-x', 'up', 'upp'])('writes the folder %s as a path', (folder) => {
    expect(repeatCommand(folder, [], onPath)).toBe(`create-mesos-cluster ./${folder} --yes`);
  });

  it('keeps a value that starts with a dash with its flag', () => {
    expect(repeatCommand('lab', [use('cluster', '-x')], onPath)).toBe('create-mesos-cluster lab --cluster=-x --yes');
  });

  it.each(['exec', 'init'])('starts with npx when npm %s started us', (command) => {
    expect(repeatCommand('lab', [], { ...onPath, env: { npm_command: command } })).toBe(
      'npx create-mesos-cluster lab --yes',
    );
  });

  it('starts with node when the script of a clone was started', () => {
    const script = '/home/me/clone/dist/create-mesos-cluster.cjs';
    expect(repeatCommand('lab', [], { ...onPath, script })).toBe('node clone/dist/create-mesos-cluster.cjs lab --yes');
  });

  it('quotes so that a real shell reads the same words back', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 20, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
        const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });
});
