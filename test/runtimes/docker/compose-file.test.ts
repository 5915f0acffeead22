import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUserError } from '../../../errors/user-error.ts';
import { nodeFileSystem as files } from '../../../platform/files/node-file-system.ts';
import { refuseMissingMounts } from '../../../runtimes/docker/compose/compose-file.ts';
import { composeFiles } from '../../../generators/compose/compose-files.ts';
import { planOf } from '../embedded/plan-of.ts';
import { temporaryFolder } from '../../engine/agent/running-agent.ts';

/** What is said to be missing when this is started in a folder. */
async function missingIn(directory: string, addons: ('mesos-dns' | 'metrics')[]): Promise<string | undefined> {
  const text = composeFiles(await planOf({ preset: 'single', addons }))[0]?.content ?? '';
  try {
    refuseMissingMounts(files, directory, { path: join(directory, 'docker-compose.yml'), text });
  } catch (error) {
    if (isUserError(error)) return `${error.problems[0].code} ${error.problems[0].found ?? ''}`;
    throw error;
  }
  return undefined;
}

describe('what a Compose file mounts from the lab', () => {
  it('has to be there, for Docker would make empty folders of it', async () => {
    const directory = temporaryFolder();
    mkdirSync(directory, { recursive: true });
    expect(await missingIn(directory, [])).toBeUndefined();
    expect(await missingIn(directory, ['mesos-dns', 'metrics'])).toBe(
      'LAB_NOT_GENERATED mesos-dns.json, metrics/prometheus, grafana/provisioning, grafana/dashboards',
    );
    writeFileSync(join(directory, 'mesos-dns.json'), '{}');
    expect(await missingIn(directory, ['mesos-dns'])).toBeUndefined();
  });
});
