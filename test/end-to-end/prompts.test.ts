import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presetNames, type PresetName } from '../../planning/catalogue/roles.ts';
import { filesButPasswords, filesIn, temporaryFolder } from '../cli/fake-context.ts';
import { program } from './built-program.ts';
import { screenText } from './terminal-screen.ts';
import { keys, openTerminal, type TerminalSession } from './terminal-session.ts';

/** The questions of a lab on one host, in their order. */
const onOneHost = [
  'Folder of the new lab',
  'Preset',
  'Mesos masters',
  'Mesos agents',
  'Images',
  'Add-ons',
  'Timing',
  'Write these files?',
];

const machines = ['Images', 'Add-ons', 'Write these files?'];
/** What is asked behind the preset. */
const followUps: Readonly<Record<PresetName, readonly string[]>> = {
  single: onOneHost.slice(2),
  ha: onOneHost.slice(2),
  'three-vm': ['Images', 'Add-ons', 'Vagrant provider', 'Write these files?'],
  'two-host': machines,
  'three-master': machines,
};

async function answerWithEnter(terminal: TerminalSession, questions: readonly string[]): Promise<void> {
  for (const question of questions) {
    await terminal.see(`? ${question}`);
    terminal.press(keys.enter);
  }
}

function questionsIn(terminal: TerminalSession): readonly string[] {
  const answered = [...terminal.text().matchAll(/✔ ([A-Z].*)/g)].map(([, question = '']) => question.trim());
  return [...new Set(answered)];
}

/** Runs the command that was printed, as a person would who copies it. @returns what stands behind the program */
function repeat(terminal: TerminalSession, cwd: string): string {
  const command = /To skip the questions next time: (.*)/.exec(terminal.text())?.[1]?.trim() ?? '';
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' });
  // Warnings come again, as they did after the questions.
  expect(status, stderr).toBe(0);
  const start = `node ${relative(cwd, program)} `;
  expect(command.slice(0, start.length)).toBe(start);
  return command.slice(start.length);
}

describe('the questions, on a real terminal', () => {
  it('are eight, and Enter eight times makes the default lab', async () => {
    const [cwd, other] = [temporaryFolder(), temporaryFolder()];
    const terminal = openTerminal(cwd, []);
    await answerWithEnter(terminal, onOneHost);
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).toContain('+ docker-compose.yml');
    expect(terminal.text()).toMatch(/Wrote \d+ files to mesos-lab: 1 ZooKeeper, 1 master, 2 agents/);
    expect(repeat(terminal, other)).toBe('mesos-lab --yes');
    expect(filesIn(cwd)).toEqual(filesIn(other));
  });

  it('become a lab, and a command that makes the same one', async () => {
    const [cwd, other] = [temporaryFolder(), temporaryFolder()];
    const terminal = openTerminal(cwd, ['--cluster', "Tom's #{cluster}"]);
    await terminal.see('? Folder');
    terminal.press('up', keys.enter);
    await terminal.see('? Preset');
    terminal.press(keys.down, keys.enter);
    await terminal.see('? Mesos masters');
    terminal.press(keys.down, keys.enter);
    await terminal.see('? Mesos agents');
    terminal.press('4', keys.enter);
    await terminal.see('? Images');
    terminal.press(keys.down, keys.enter);
    await terminal.see('? Add-ons');
    terminal.press(keys.space, keys.down, keys.down, keys.space, keys.enter);
    await terminal.see('? Timing');
    terminal.press(keys.down, keys.enter);
    await terminal.see('? Write these files?');
    terminal.press(keys.enter);
    expect(await terminal.ended).toBe(0);
    expect(repeat(terminal, other)).toBe(
      String.raw`./up --cluster 'Tom'\''s #{cluster}' --preset ha --masters 5 --agents 4 --image-set stock --addon chronos,registry --timing fast --yes`,
    );
    expect(filesButPasswords(cwd)).toEqual(filesButPasswords(other));
    expect(filesIn(cwd).get('up/mesos-cluster.yaml')).toContain('preset: ha');
  });

  it.each(presetNames.map((preset, index) => ({ preset, index })))(
    'are at most eight for the preset $preset',
    async ({ preset, index }) => {
      const [cwd, other] = [temporaryFolder(), temporaryFolder()];
      const terminal = openTerminal(cwd, []);
      await answerWithEnter(terminal, ['Folder of the new lab']);
      await terminal.see('? Preset');
      terminal.press(...Array.from({ length: index }, () => keys.down), keys.enter);
      await terminal.see(`✔ Preset ${preset}`);
      await answerWithEnter(terminal, followUps[preset]);
      expect(await terminal.ended).toBe(0);
      expect(questionsIn(terminal)).toHaveLength(2 + followUps[preset].length);
      repeat(terminal, other);
      expect(filesIn(cwd)).toEqual(filesIn(other));
    },
  );

  it('leave out what a flag has answered', async () => {
    const flags = [
      '--preset',
      'ha',
      '--masters',
      '3',
      '--agents',
      '3',
      '--image-set',
      'lite',
      '--addon',
      'none',
      '--timing',
      'fast',
    ];
    const terminal = openTerminal(temporaryFolder(), ['my-lab', ...flags]);
    await answerWithEnter(terminal, ['Write these files?']);
    expect(await terminal.ended).toBe(0);
    expect(questionsIn(terminal)).toEqual(['Write these files? Yes']);
  });

  it.each(onOneHost.map((question, index) => [question, index] as const))(
    'end at Ctrl-C on "%s", and leave nothing',
    async (question, index) => {
      const cwd = temporaryFolder();
      const terminal = openTerminal(cwd, []);
      await answerWithEnter(terminal, onOneHost.slice(0, index));
      await terminal.see(`? ${question}`);
      terminal.press(keys.controlC);
      expect(await terminal.ended).toBe(130);
      expect(terminal.text().trimEnd().split(/\r?\n/).at(-1)).toBe('Interrupted: nothing was written');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it.each([
    [
      'Ctrl-D',
      (terminal: TerminalSession) => {
        terminal.press(keys.controlD);
      },
    ],
    [
      'SIGTERM',
      (terminal: TerminalSession) => {
        terminal.kill('SIGTERM');
      },
    ],
    [
      'SIGINT',
      (terminal: TerminalSession) => {
        terminal.kill('SIGINT');
      },
    ],
  ])('end at %s', async (_name, end) => {
    const cwd = temporaryFolder();
    const terminal = openTerminal(cwd, []);
    await terminal.see('? Folder');
    end(terminal);
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).toContain('Interrupted: nothing was written');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('write nothing after "no"', async () => {
    const cwd = temporaryFolder();
    const terminal = openTerminal(cwd, []);
    await answerWithEnter(terminal, onOneHost.slice(0, -1));
    await terminal.see('? Write these files?');
    terminal.press('n', keys.enter);
    expect(await terminal.ended).toBe(0);
    expect(terminal.text()).toContain('Nothing was written.');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('refuse an answer that cannot be, and say why', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'full'));
    writeFileSync(join(cwd, 'full/file'), '');
    const terminal = openTerminal(cwd, []);
    await terminal.see('? Folder');
    terminal.press('My Lab', keys.enter);
    await terminal.see('--name my-lab');
    terminal.press(keys.clear, 'full', keys.enter);
    await terminal.see('is not empty');
    terminal.press(keys.clear, 'good', keys.enter);
    await answerWithEnter(terminal, ['Preset', 'Mesos masters']);
    await terminal.see('? Mesos agents');
    terminal.press('many', keys.enter);
    await terminal.see('must be a whole number');
    terminal.press(keys.clear, '3', keys.enter);
    await answerWithEnter(terminal, onOneHost.slice(4));
    expect(await terminal.ended).toBe(0);
    expect(filesIn(join(cwd, 'good')).get('mesos-cluster.yaml')).toContain('agents: 3');
  });

  it('are not asked when a flag is wrong', async () => {
    const terminal = openTerminal(temporaryFolder(), ['--masters', '2']);
    expect(await terminal.ended).toBe(2);
    expect(terminal.text()).toContain('--masters: error SPEC_QUORUM');
    expect(terminal.text()).not.toContain('? ');
  });

  it.each([
    ['CI=1', [], { CI: '1' }],
    ['--no-interactive', ['--no-interactive'], {}],
    ['--json', ['--json'], {}],
  ])('are not asked with %s', async (_name, argv, env) => {
    const cwd = temporaryFolder();
    const terminal = openTerminal(cwd, argv, env);
    expect(await terminal.ended).toBe(2);
    expect(terminal.text()).toContain('No folder is named for the lab');
    const given = openTerminal(cwd, ['lab', ...argv], env);
    expect(await given.ended).toBe(0);
    expect(readdirSync(cwd)).toEqual(['lab']);
  });

  it.each([80, 40])('show every choice and break no word on %d columns', async (columns) => {
    const terminal = openTerminal(temporaryFolder(), [], {}, columns);
    await answerWithEnter(terminal, ['Folder of the new lab']);
    await terminal.see('? Preset');
    for (const preset of presetNames) await terminal.see(preset);
    for (let moves = 0; moves < presetNames.length; moves++) {
      await terminal.see('select');
      const lines = screenText(terminal.raw()).split('\n');
      expect(lines.filter((line) => line.length >= columns)).toEqual([]);
      terminal.press(keys.down);
    }
    terminal.press(keys.controlC);
    expect(await terminal.ended).toBe(130);
  });

  it.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('have colours with the environment %j: %s', async (env: Record<string, string>, coloured) => {
    const terminal = openTerminal(temporaryFolder(), [], env);
    await answerWithEnter(terminal, onOneHost);
    expect(await terminal.ended).toBe(0);
    expect(/\u001b\[[0-9;]*m/.test(terminal.raw())).toBe(coloured);
  });
});
