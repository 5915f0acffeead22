import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testLab } from './lab-process.ts';

/** Listens on a port as another program would, until the test is over. */
function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return new Promise((resolve) => server.once('listening', resolve));
}

/** What a message has where a pattern says. */
const copied = (message: string, pattern: RegExp) => pattern.exec(message)?.slice(1) ?? [];

describe('the fix of a message about ports, copied and run,', () => {
  it.each([
    ['all ports', /move all ports: (npm [^;]*);/],
    ['the parts in question', /move these parts: (npm [^;]*);/],
  ])('starts a lab whose ports other programs hold: %s', async (_, pattern) => {
    const lab = await testLab();
    // With the scripts that every lab has.
    expect((await lab.run('generate')).status).toBe(0);
    await Promise.all([listenOn(lab.ports.marathon), listenOn(lab.ports.services)]);
    const refused = await lab.run('up', '--runtime', 'embedded', '--port', `mesos-agent=${lab.ports.master + 5}`);
    expect(refused.stderr).toContain('MACHINE_PORT_TAKEN');
    const [command = ''] = copied(refused.stderr, pattern);
    expect(command).toContain(`--runtime embedded --port mesos-agent=${lab.ports.master + 5} --`);
    const up = await lab.shell(command);
    expect([command, up.status, up.stderr]).toEqual([command, 0, expect.not.stringContaining('MACHINE_PORT_TAKEN')]);
  });

  it('makes a plan of a lab whose offset was too large', async () => {
    const lab = await testLab();
    const refused = await lab.run('up', '--port-offset', '60000');
    expect(refused.status).toBe(2);
    const largest = copied(refused.stderr, /[Tt]he largest offset that fits is (\d+)/);
    expect([refused.stderr, largest]).toEqual([expect.any(String), [expect.any(String)]]);
    const plan = await lab.run('plan', '--port-offset', ...largest);
    expect([plan.status, plan.stderr]).toEqual([0, expect.any(String)]);
  });
});

describe('the fix of a message about a secret, done as it says,', () => {
  it('makes a plan of a lab that names the file of the secret', async () => {
    const flag = 'mesos_authentication_secret';
    const lab = await testLab(`marathon:\n  flags:\n    ${flag}: hush\n`);
    const refused = await lab.run('plan');
    expect([refused.status, refused.stderr]).toEqual([2, expect.not.stringContaining('hush')]);
    const [fileFlag = ''] = copied(refused.stderr, /its path into (\w+)/);
    const file = join(lab.directory, 'mesos-cluster.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(`${flag}: hush`, `${fileFlag}: /etc/mesos/secret`));
    const plan = await lab.run('plan');
    expect([fileFlag, plan.status, plan.stderr]).toEqual([expect.stringMatching(/./), 0, expect.any(String)]);
  });
});
