import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { replaceSections } from '../../scripts/generated/document-sections.ts';
import { temporaryFolder } from '../cli/fake-context.ts';
import { program } from './built-program.ts';
import { screenText } from './terminal-screen.ts';
import { keys, openTerminal } from './terminal-session.ts';

/*
 * The session that README.md shows, on a real terminal. After a change of what is printed:
 * UPDATE_TRANSCRIPT=1 npx vitest run test/end-to-end/transcript.test.ts
 */

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const script = 'dist/create-mesos-cluster.cjs';
const explain = 'npm run --silent explain -- MESOS_QUORUM';
/** What fits on GitHub's page without scrolling. */
const columns = 100;

/** Answers the questions for a lab with three masters; what stands on the screen in the end. */
async function answerQuestions(cwd: string): Promise<string> {
  // As in a clone.
  symlinkSync(dirname(program), join(cwd, 'dist'));
  const terminal = openTerminal(cwd, [], {}, 120, join(cwd, script));
  const answer = async (question: string, ...typed: readonly string[]) => {
    await terminal.see(`? ${question}`);
    terminal.press(...typed, keys.enter);
  };
  await answer('Folder of the new lab', 'my-lab');
  await answer('Preset', keys.down);
  for (const question of ['Mesos masters', 'Mesos agents', 'Images', 'Add-ons', 'Timing', 'Write these files?']) {
    await answer(question);
  }
  expect(await terminal.ended).toBe(0);
  return screenText(terminal.raw());
}

function runInLab(cwd: string, script: string): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: join(cwd, 'my-lab'), encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** Long lines are broken between words, as no terminal does, but as a reader likes it. */
function fold(text: string): string {
  const line = new RegExp(`^( *)(.{1,${String(columns - 8)}})(?: |$)`);
  const foldLine = (rest: string): string => {
    const [all = '', indent = '', start = ''] = line.exec(rest) ?? [];
    return rest.length <= columns ? rest : `${indent}${start}\n${foldLine(`${indent}${rest.slice(all.length)}`)}`;
  };
  return text.trimEnd().split('\n').map(foldLine).join('\n');
}

async function record(): Promise<string> {
  const cwd = temporaryFolder();
  const screen = await answerQuestions(cwd);
  const explained = runInLab(cwd, explain);
  const lines = [`$ node ${script}`, fold(screen), '', '$ cd my-lab', `$ ${explain}`, fold(explained)];
  return `\`\`\`console\n${lines.join('\n')}\n\`\`\`\n`;
}

describe('the transcript in README.md', () => {
  it('is what the program prints', async () => {
    const transcript = await record();
    expect(transcript.split('\n').filter((line) => line.length > columns)).toEqual([]);
    const before = readFileSync(readme, 'utf8');
    const after = replaceSections(before, { transcript });
    if (process.env.UPDATE_TRANSCRIPT === '1') writeFileSync(readme, after);
    else expect(before, 'UPDATE_TRANSCRIPT=1 npx vitest run test/end-to-end/transcript.test.ts').toBe(after);
    expect(after).toContain(transcript);
  });
});

describe('the screen', () => {
  it('shows what was drawn last', () => {
    expect(screenText('? a\r\nb\r\n\u001b[2A\u001b[Gdone\u001b[K\r\n\u001b[Jend')).toBe('done\nend');
    expect(screenText('abc\u001b[2D\u001b[K\u001b[3Cx\r\nold\u001b[2K\u001b[1Gnew \u001b[?25h')).toBe('a   x\nnew');
  });

  it('refuses codes that it does not know', () => {
    expect(() => screenText('\u001b[3S')).toThrow('unknown code');
  });
});
