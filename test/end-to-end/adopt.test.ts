import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testLab } from './lab-process.ts';

/*
 * A highly available cluster of the built program in the part of one that somebody else runs: it is known by its URLs
 * alone.
 */

it('describes a running cluster, verifies it, shows it, and never stops it', { timeout: 120_000 }, async () => {
  const lab = await testLab('preset: ha\n');
  expect(await lab.run('up', '--runtime', 'embedded')).toMatchObject({ status: 0 });
  const mine = join(lab.directory, '../mine');
  const { master, marathon } = lab.ports;
  const masters = [master, master + 100, master + 200].map((port) => `http://127.0.0.1:${String(port)}`);
  const balancer = `http://127.0.0.1:${String(master + 35)}`;
  const inMine = (...argv: readonly string[]) => lab.run(...argv, '--lab', mine);

  // A standby alone leads to the leader; the third one is not to be known.
  const partly = await lab.run('adopt', masters[1] ?? '', mine, '--dry-run');
  expect(partly).toMatchObject({ status: 0 });
  expect(partly.stderr).toContain('there should be 3 masters; 2 found');

  const adopted = await lab.run('adopt', ...masters, mine, '--lb', balancer, '--json');
  expect(adopted, adopted.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(adopted.stdout)).toMatchObject({
    adopted: { masters, marathons: [`http://127.0.0.1:${String(marathon)}`], loadBalancer: balancer },
  });
  const text = readFileSync(join(mine, 'mesos-cluster.yaml'), 'utf8');
  expect(text).toContain('# This cluster was adopted');
  expect(text).not.toContain('there should be 3 masters');

  const status = await inMine('status', '--json');
  expect(status, status.stderr).toMatchObject({ status: 0 });
  const { components } = JSON.parse(status.stdout) as { components: { role: string; state: string }[] };
  expect(components.filter(({ state }) => state === 'leads').map(({ role }) => role)).toEqual([
    'mesos-master',
    'marathon',
  ]);
  expect(components.filter(({ state }) => state === 'active')).toHaveLength(3);

  const verified = await inMine('verify');
  expect(verified, verified.stdout).toMatchObject({ status: 0 });
  expect(verified.stdout).toContain('3 of 3 masters answer');

  expect(await inMine('deploy', join(mine, 'apps/basic-0.json'), '--wait')).toMatchObject({ status: 0 });
  const logs = await inMine('logs', 'basic-0');
  expect(logs, logs.stderr).toMatchObject({ status: 0 });
  expect(logs.stdout).toContain('Hello Marathon');
  expect(await inMine('scale', 'basic-0', '2', '--wait')).toMatchObject({ status: 0 });

  for (const verb of ['up', 'down']) {
    const refused = await inMine(verb);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('somebody else runs it');
  }
  // It still runs, and then it does not.
  expect(await lab.run('status')).toMatchObject({ status: 0 });
  await lab.run('down');
  expect(await inMine('status')).toMatchObject({ status: 5 });
  expect(await inMine('verify')).toMatchObject({ status: 5 });
});
