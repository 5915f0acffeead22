import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { generateLabs } from '../../../scripts/generated/lab-folders.ts';
import { readCompose } from '../../support/compose-file.ts';
import { requireTool } from '../../support/require-tool.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const labs = await generateLabs(root);

describe.skipIf(!requireTool('shellcheck', ['shellcheck', '--version']))('shellcheck', () => {
  it('finds nothing in the scripts that machines are provisioned with', async () => {
    const scripts = labs.flatMap(({ folder, files }) =>
      files.filter(({ path }) => path.endsWith('.sh')).map(({ path }) => `${folder}/${path}`),
    );
    expect(scripts.length).toBeGreaterThan(5);
    const { stdout } = await execa('shellcheck', scripts, { cwd: root, reject: false });
    expect(stdout).toBe('');
  });

  it('finds nothing in the scripts that Compose files have in them', async () => {
    const { services } = readCompose(readFileSync(`${root}/test/golden/task-network/docker-compose.yml`, 'utf8'));
    const scripts = ['pod-keeper', 'agent1-cleaner', 'agent1-network'].map(
      (name) => services[name]?.entrypoint?.[2] ?? '',
    );
    for (const script of scripts) {
      expect(script).toContain('\n');
      const input = script.replaceAll('$$', '$');
      const { stdout } = await execa('shellcheck', ['--shell', 'sh', '-'], { input, reject: false });
      expect(stdout).toBe('');
    }
  });

  it('finds nothing in the scripts of this repository', async () => {
    const scripts = readdirSync(`${root}/scripts`)
      .filter((name) => name.endsWith('.sh'))
      .map((name) => `scripts/${name}`);
    const others = ['.ci/run', ...['dind', 'zookeeper'].map((name) => `test/docker/images/${name}/entrypoint.sh`)];
    const machines = ['docker-repository.sh', 'machine-image.sh'].map((name) => `test/docker/machines/${name}`);
    const { stdout } = await execa('shellcheck', [...scripts, ...others, ...machines], { cwd: root, reject: false });
    expect(stdout).toBe('');
  });
});
