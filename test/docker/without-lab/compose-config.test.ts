import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { generateLabs, type LabFolder } from '../../../scripts/generated/lab-folders.ts';
import { isComposeFile } from '../../support/compose-file.ts';
import { requireTool } from '../../support/require-tool.ts';
import { inParallel } from '../support/in-parallel.ts';
import { writeLabFiles } from '../support/lab-in-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const labs = await generateLabs(root);
const composePaths = ({ files }: LabFolder) => files.filter(isComposeFile).map(({ path }) => path);

/** What Compose says about a file with all its profiles: nothing, if all is well. */
async function complaints(file: string): Promise<string> {
  const args = ['compose', '--file', file, '--profile', '*', 'config', '--quiet'];
  const { stderr, exitCode } = await execa('docker', args, { cwd: dirname(file), reject: false });
  return exitCode === 0 && stderr === '' ? '' : `${file}: exit code ${String(exitCode)}: ${stderr}`;
}

interface ConfiguredPort {
  readonly host_ip?: string;
  readonly published?: string;
  readonly target: number;
}
interface Configured {
  readonly services: Readonly<
    Record<
      string,
      { readonly environment?: Readonly<Record<string, string>>; readonly ports?: readonly ConfiguredPort[] }
    >
  >;
}

/** A lab as Compose understands it. It writes dollar signs as they would have to stand in a file. */
async function configured(folder: string): Promise<Configured> {
  const { stdout } = await execa('docker', ['compose', '--profile', '*', 'config', '--format', 'json'], {
    cwd: join(root, folder),
  });
  return JSON.parse(stdout.replaceAll('$$', '$')) as Configured;
}

function planOf(folder: string) {
  const lab = labs.find((candidate) => candidate.folder === folder);
  if (lab === undefined) throw new Error(`${folder} is no lab`);
  return lab.plan;
}

describe.skipIf(!requireTool('Docker Compose', ['docker', 'compose', 'version']))('docker compose config', () => {
  it('takes every Compose file of the repository without a word', async () => {
    const files = labs.flatMap((lab) => composePaths(lab).map((path) => join(root, lab.folder, path)));
    expect(files.length).toBeGreaterThan(50);
    expect((await inParallel(files, complaints)).filter((text) => text !== '')).toEqual([]);
  });

  it('takes them with the .env files that a user has', async () => {
    const found = await inParallel(labs, async (lab) => {
      const { folder, remove } = await writeLabFiles(lab.plan);
      try {
        return await Promise.all(composePaths(lab).map((path) => complaints(join(folder, path))));
      } finally {
        remove();
      }
    });
    expect(found.flat().filter((text) => text !== '')).toEqual([]);
  });

  it.each(['compose', 'examples/ha'])('understands %s as it was planned', async (folder) => {
    const plan = planOf(folder);
    const { services } = await configured(folder);
    const quorums = Object.values(services).flatMap(({ environment }) => environment?.MESOS_QUORUM ?? []);
    expect(quorums).toEqual(Array<string>(plan.masterCount).fill(String(plan.quorum)));

    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(new Set(ports.map(({ host_ip }) => host_ip))).toEqual(new Set(['127.0.0.1']));
    const planned = plan.nodes.flatMap(({ components }) =>
      components.flatMap((component) => component.ports.flatMap(({ published }) => published ?? [])),
    );
    expect(ports.map(({ published }) => Number(published))).toEqual(expect.arrayContaining(planned));

    for (const { service, environment } of plan.nodes.flatMap(({ components }) => components)) {
      const wanted = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
      expect(services[service]?.environment ?? {}, service).toEqual(wanted);
    }
  });

  it('gives programs hostile text as it stands in the spec', async () => {
    const folder = 'test/golden/hostile-on-one-host';
    const { services } = await configured(folder);
    expect(services.master1?.environment?.MESOS_CLUSTER).toBe(planOf(folder).clusterName);
    expect(services.agent1?.environment?.MESOS_ATTRIBUTES).toBe(planOf(folder).agents[0]?.attributes);
  });
});
