import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { endOf, testLab } from './lab-process.ts';

/** Until it is so: a machine with other work to do takes its time. */
const waitFor = (assertion: () => void) => vi.waitFor(assertion, { timeout: 60_000, interval: 50 });

const task = { cpus: 0.1, mem: 16 };
const clock = {
  ...{ id: '/clock', instances: 2, constraints: [['hostname', 'UNIQUE']] },
  ...{ ...task, cmd: 'n=0; while :; do echo "tick $n"; n=$((n+1)); sleep 1; done' },
};
const crashing = {
  ...{ id: '/shop/crashing', cmd: 'echo begun; echo "to no avail" >&2; exit 3' },
  ...{ ...task, backoffSeconds: 1, backoffFactor: 1, maxLaunchDelaySeconds: 1 },
};

interface Line {
  readonly time: string;
  readonly source: string;
  readonly kind: string;
  readonly agent?: string;
  readonly stream?: string;
  readonly line: string;
}

/** What a process that follows has printed so far. */
function reading(child: ChildProcess) {
  const seen = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text: Buffer) => (seen.stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (seen.stderr += text.toString()));
  const lines = () =>
    seen.stdout
      .slice(0, seen.stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Line);
  return { seen, lines };
}

it('logs follow everything, while an app crashes again and again and an agent is lost and comes back', async () => {
  const lab = await testLab('counts:\n  agents: 2\n');
  await lab.run('up', '--quiet');
  for (const [name, app] of Object.entries({ clock, crashing })) {
    writeFileSync(join(lab.directory, `apps/${name}.json`), JSON.stringify(app));
    expect((await lab.run('deploy', `apps/${name}.json`)).status).toBe(0);
  }
  const child = lab.start('logs', '--follow', '--json', '--tail', '5');
  const ended = endOf(child);
  const { seen, lines } = reading(child);
  const ticksOn = (agent: string) =>
    lines().flatMap(({ agent: on, kind, line }) => (kind === 'task' && on === agent && /tick/.test(line) ? line : []));
  const crashed = () => new Set(lines().flatMap(({ line, source }) => (line === 'to no avail' ? source : [])));
  await waitFor(() => {
    expect(new Set(lines().map(({ source }) => source))).toContain('master1');
    expect(Math.min(ticksOn('agent1').length, ticksOn('agent2').length)).toBeGreaterThan(1);
  });

  await lab.run('kill', 'agent2');
  const crashedBefore = crashed().size;
  await waitFor(() => {
    expect(seen.stderr).toMatch(/^agent2 does not answer .*: what its tasks write is shown once it is back$/m);
    expect(crashed().size).toBeGreaterThan(crashedBefore + 1);
  });
  const ticksBefore = ticksOn('agent2').length;
  await lab.run('start', 'agent2');
  await waitFor(() => {
    expect(seen.stderr).toContain('agent2 answers again');
    expect(ticksOn('agent2').length).toBeGreaterThan(ticksBefore + 2);
    expect(lines().some(({ source, line }) => source === 'agent2' && line.includes('Recovering task'))).toBe(true);
  });
  child.kill('SIGINT');
  expect((await ended).status).toBe(0);

  // None is missing, and none is there twice: the task ran on while its agent was away.
  const numbers = ticksOn('agent2').map((line) => Number(line.slice('tick '.length)));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  expect(seen.stderr.match(/agent2 does not answer/g)).toHaveLength(1);
  const times = lines().map(({ time }) => Date.parse(time));
  const lateBy = times.map((time, index) => Math.max(...times.slice(0, index + 1)) - time);
  expect(lateBy.every((ms) => ms < 10_000)).toBe(true);

  const grep = await lab.run('logs', 'shop/crashing', '--grep', 'avail$', '--since', '1h', '--json');
  const found = grep.stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
  expect(new Set(found.map(({ stream, line }) => `${stream ?? ''}: ${line}`))).toEqual(
    new Set(['stderr: to no avail']),
  );
});

it('logs of an app go on with the tasks that take the place of its first ones, and end with the lab', async () => {
  const lab = await testLab();
  await lab.run('up', '--quiet');
  const once = { ...crashing, cmd: 'echo begun; sleep 1; exit 3' };
  writeFileSync(join(lab.directory, 'apps/crashing.json'), JSON.stringify(once));
  await lab.run('deploy', 'apps/crashing.json', '--wait');
  const child = lab.start('logs', 'shop/crashing', '--follow', '--json');
  const ended = endOf(child);
  const { lines } = reading(child);
  await waitFor(() => {
    expect(new Set(lines().map(({ source }) => source)).size).toBeGreaterThan(2);
  });
  await lab.run('down');
  expect(await ended).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/Nobody of the cluster answers any more\n$/),
  });
});
