import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLabs } from '../../../scripts/generated/lab-folders.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { requireTool } from '../../support/require-tool.ts';
import { labWithTool } from '../support/lab-with-tool.ts';
import { writeLabFiles } from '../support/lab-in-folder.ts';

/*
 * Each block of the Vagrantfile by the class that reads it in the provider itself: VirtualBox's is in Vagrant, libvirt's
 * is a package of Debian. Those of Parallels and VMware have to be named (CONTRIBUTING.md).
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const script = join(root, 'test/docker/support/check-providers.rb');
const plugins = process.env['VAGRANT_PROVIDER_PLUGINS'] ?? '';
/** Of the blocks in the Vagrantfile, in its order, those that somebody here can read. */
const known = ['virtualbox', 'libvirt', 'parallels', 'vmware_desktop'].filter(
  (provider, index) => index < 2 || plugins.includes(provider.replace('_', '-')),
);

interface Row {
  readonly folder: string;
  readonly machine: string;
  readonly provider: string;
  /** Undefined where nobody knows the provider. */
  readonly errors?: readonly string[];
  /** CPUs and memory in MB. */
  readonly size?: readonly [string, string];
}

const libraries = "require 'vagrant'; require 'vagrant-libvirt'";

describe.skipIf(!requireTool('Vagrant in Ruby', ['ruby', '-e', libraries]))('the settings of providers', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'vagrant-providers-'));
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  async function check(folders: readonly string[]): Promise<readonly Row[]> {
    const { stdout } = await execa('ruby', [script, ...folders], { env: { VAGRANT_CHECKPOINT_DISABLE: '1' } });
    return JSON.parse(stdout) as readonly Row[];
  }

  it('are what each provider itself takes, and give machines of the planned size', async () => {
    const labs = (await generateLabs(root)).filter(({ plan }) => plan.vagrant !== undefined);
    const big = planCluster({ name: 'big', preset: 'three-vm', vagrant: { cpus: 16, memoryMb: 65_536 } });
    const written = await writeLabFiles(big);
    try {
      const plans = new Map([
        ...labs.map(({ folder, plan }) => [labWithTool(root, folder, scratch), plan] as const),
        [written.folder, big],
      ]);
      const rows = await check([...plans.keys()]);
      const wanted = [...plans].flatMap(([folder, { nodes, vagrant }]) =>
        nodes.flatMap(({ name }) =>
          known.map((provider) => ({
            ...{ folder, machine: name, provider, errors: [] },
            size: [String(vagrant?.cpus), String(vagrant?.memoryMb)],
          })),
        ),
      );
      expect(rows.filter(({ errors }) => errors !== undefined)).toEqual(wanted);
    } finally {
      written.remove();
    }
  });

  it('would not be taken with a word that the provider does not know', async () => {
    const { folder, remove } = await writeLabFiles(planCluster({ name: 'broken', preset: 'three-vm' }));
    try {
      const path = join(folder, 'Vagrantfile');
      const text = readFileSync(path, 'utf8');
      const mutate = (provider: string) => {
        const start = text.indexOf(`config.vm.provider '${provider}'`);
        return text.slice(0, start) + text.slice(start).replace(/v\.(?:cpus|vmx)/, 'v.cpuz');
      };
      for (const provider of known) {
        writeFileSync(path, mutate(provider));
        const rows = (await check([folder])).filter(({ machine }) => machine === 'node1');
        const complaints = rows.map(({ provider: of, errors = [] }) => ({ of, errors: errors.join() }));
        expect(complaints.filter(({ errors }) => errors !== '')).toEqual([
          { of: provider, errors: expect.stringContaining('cpuz') as string },
        ]);
      }
    } finally {
      remove();
    }
  });
});
