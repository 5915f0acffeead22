import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLabs } from '../../../scripts/generated/lab-folders.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { requireTool } from '../../support/require-tool.ts';
import { inParallel } from '../support/in-parallel.ts';
import { labWithTool } from '../support/lab-with-tool.ts';
import { writeLabFiles } from '../support/lab-in-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const labs = (await generateLabs(root)).filter(({ plan }) => plan.vagrant !== undefined);
const scratch = mkdtempSync(join(tmpdir(), 'vagrant-labs-'));
const copied = labs.map((lab) => ({ ...lab, folder: labWithTool(root, lab.folder, scratch) }));
const folders = [root, ...copied.map(({ folder }) => folder)];
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** What a program says about the Vagrantfile of a folder; empty when it is content. */
async function complaints(folder: string, program: string, args: readonly string[], env = {}): Promise<string> {
  const { all, exitCode } = await execa(program, args, { cwd: folder, env, reject: false, all: true });
  return exitCode === 0 ? '' : `${folder}: exit code ${String(exitCode)}: ${all}`;
}

describe.skipIf(!requireTool('Ruby', ['ruby', '--version']))('ruby', () => {
  it('finds no mistake in any Vagrantfile', async () => {
    const found = await inParallel(folders, (folder) => complaints(folder, 'ruby', ['-wc', 'Vagrantfile']));
    expect(found.filter((text) => text !== '')).toEqual([]);
  });
});

describe.skipIf(!requireTool('Vagrant', ['vagrant', '--version']))('vagrant validate', () => {
  const home = mkdtempSync(join(tmpdir(), 'vagrant-home-'));
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });
  const environment = (folder: string, provider: string) => ({
    VAGRANT_HOME: join(home, 'home'),
    VAGRANT_DOTFILE_PATH: join(home, folder.replaceAll('/', '-')),
    VAGRANT_DEFAULT_PROVIDER: provider,
    VAGRANT_CHECKPOINT_DISABLE: '1',
  });

  // The only provider that Debian has a plug-in for; the Vagrantfile has a block for each.
  it('takes every Vagrantfile with the libvirt provider', async () => {
    const found = await inParallel(
      folders,
      (folder) => complaints(folder, 'vagrant', ['validate'], environment(folder, 'libvirt')),
      2,
    );
    expect(found.filter((text) => text !== '')).toEqual([]);
  });

  it('takes those for VirtualBox, which is not here', async () => {
    const found = await inParallel(
      copied.filter(({ plan }) => plan.vagrant?.provider === 'virtualbox'),
      ({ folder }) =>
        complaints(folder, 'vagrant', ['validate', '--ignore-provider'], environment(folder, 'virtualbox')),
      2,
    );
    expect(found.filter((text) => text !== '')).toEqual([]);
  });

  it('copies what the lite image is built from, which has to be there', async () => {
    const lab = await writeLabFiles(planCluster({ name: 'lite', preset: 'three-vm', images: { set: 'lite' } }));
    const validate = () =>
      execa('vagrant', ['validate'], {
        cwd: lab.folder,
        env: environment('lite', 'libvirt'),
        reject: false,
        all: true,
      });
    try {
      expect((await validate()).all).toContain('.mesos-cluster/tool');
      mkdirSync(join(lab.folder, '.mesos-cluster/tool'), { recursive: true });
      expect((await validate()).all).toBe('Vagrantfile validated successfully.');
    } finally {
      lab.remove();
    }
  });

  it('takes another provider where the one of the plan is missing', async () => {
    const { VAGRANT_DEFAULT_PROVIDER: _, ...env } = environment('any', 'any');
    const { stdout } = await execa('vagrant', ['status'], { cwd: join(root, 'examples/three-vm'), env });
    expect(stdout).toMatch(/^node3 +not created \(libvirt\)$/m);
  });

  it('would find a mistake', async () => {
    const broken = join(home, 'broken');
    await execa('mkdir', ['-p', broken]);
    await execa('tee', [join(broken, 'Vagrantfile')], { input: "Vagrant.configure('2') { |c| c.vm.nonsense = 1 }\n" });
    const { exitCode } = await execa('vagrant', ['validate', '--ignore-provider'], {
      cwd: broken,
      env: environment('broken', 'libvirt'),
      reject: false,
    });
    expect(exitCode).not.toBe(0);
  });
});
