import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUserError } from '../../../errors/user-error.ts';
import { nodeFileSystem as files } from '../../../platform/files/node-file-system.ts';
import { chooseComposeFile, refuseMissingMounts } from '../../../runtimes/docker/compose/compose-file.ts';
import { composeFiles } from '../../../generators/compose/compose-files.ts';
import type { Addon } from '../../../planning/catalogue/roles.ts';
import { planOf } from '../embedded/plan-of.ts';
import { temporaryFolder } from '../../engine/agent/running-agent.ts';

/** What is said to be missing when this is started in a folder. */
async function missingIn(directory: string, addons: Addon[], hasFlags = true): Promise<string | undefined> {
  const plan = await planOf({ preset: 'single', addons });
  try {
    refuseMissingMounts(files, directory, chooseComposeFile(directory, plan, hasFlags, { files, composeFiles }));
  } catch (error) {
    if (isUserError(error)) return `${error.problems[0].code} ${error.problems[0].found ?? ''}`;
    throw error;
  }
  return undefined;
}

/** A folder with what the generator writes for the add-ons. */
async function folderWith(addons: Addon[]): Promise<string> {
  const directory = temporaryFolder();
  for (const { path, content } of composeFiles(await planOf({ preset: 'single', addons }))) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

describe('what a Compose file mounts from the lab', () => {
  it('has to be there, for Docker would make empty folders of it', async () => {
    const directory = await folderWith([]);
    expect(await missingIn(directory, [])).toBeUndefined();
    expect(await missingIn(directory, ['mesos-dns', 'metrics'])).toBe(
      `LAB_NOT_GENERATED mesos-dns.json, ${[
        ...['metrics/prometheus/prometheus.yml', 'metrics/prometheus/alerts.yml'],
        ...['grafana/provisioning/datasources/prometheus.yml', 'grafana/provisioning/dashboards/lab.yml'],
        ...['cluster', 'agent', 'app'].map((name) => `grafana/dashboards/${name}.json`),
      ].join(', ')}`,
    );
    writeFileSync(join(directory, 'mesos-dns.json'), '{}');
    expect(await missingIn(directory, ['mesos-dns'])).toBeUndefined();
  });

  it('has to be there file by file: one add-on has folders of another', async () => {
    expect(await missingIn(await folderWith(['metrics']), ['metrics', 'logs'])).toBe(
      `LAB_NOT_GENERATED ${[
        ...['logs/collector/config.alloy', 'logs/loki/loki.yml'],
        ...['grafana/provisioning/datasources/loki.yml', 'grafana/dashboards/logs.json'],
      ].join(', ')}`,
    );
  });

  it("has to be there for the lab's own file, too, unless that was edited", async () => {
    const directory = await folderWith(['mesos-dns']);
    expect(await missingIn(directory, ['mesos-dns'], false)).toBeUndefined();
    const own = join(directory, 'docker-compose.yml');
    files.removeFile(join(directory, 'mesos-dns.json'));
    expect(await missingIn(directory, ['mesos-dns'], false)).toBe('LAB_NOT_GENERATED mesos-dns.json');
    writeFileSync(own, `${files.readText(own)}# mine\n`);
    expect(await missingIn(directory, ['mesos-dns'], false)).toBeUndefined();
  });
});
