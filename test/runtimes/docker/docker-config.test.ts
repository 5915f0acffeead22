import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isUserError } from '../../../errors/user-error.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import { refuseBadDockerConfig } from '../../../runtimes/docker/start/docker-config.ts';
import { planOf } from '../embedded/plan-of.ts';
import { temporaryFolder } from '../../engine/agent/running-agent.ts';

/** What is said of the file of a lab. */
async function refusal(
  directory: string,
  dockerConfig: string | undefined,
  files: FileSystem = nodeFileSystem,
): Promise<string | undefined> {
  const plan = await planOf(dockerConfig === undefined ? {} : { mesos: { agent: { dockerConfig } } });
  try {
    refuseBadDockerConfig(files, directory, plan);
  } catch (error) {
    if (!isUserError(error)) throw error;
    const [{ code, message, place }] = error.problems;
    return `${code} ${message} ${place?.kind === 'path' ? place.path : ''}`;
  }
  return undefined;
}

const inLab = 'secrets/docker-config.json';

/** A lab with that file. */
function labWith(text: string): string {
  const directory = temporaryFolder();
  mkdirSync(`${directory}/secrets`);
  writeFileSync(`${directory}/${inLab}`, text);
  return directory;
}

describe('the credentials of private registries', () => {
  it('are taken from the lab, or from the machine, or are none', async () => {
    const directory = labWith('{"auths": {}}');
    expect(await refusal(directory, inLab)).toBeUndefined();
    expect(await refusal('/nowhere', `${directory}/${inLab}`)).toBeUndefined();
    expect(await refusal('/nowhere', undefined)).toBeUndefined();
  });

  it('have to be there: Docker would not start the agents', async () => {
    const directory = temporaryFolder();
    const words =
      'The file with the credentials of private registries (mesos.agent.dockerConfig) is missing; nothing was started';
    expect(await refusal(directory, inLab)).toBe(`DOCKER_CONFIG ${words} ${directory}/${inLab}`);
    expect(await refusal(directory, '/nowhere/config.json')).toBe(`DOCKER_CONFIG ${words} /nowhere/config.json`);
  });

  it.each([
    ['not json', 'is no JSON object'],
    ['[]', 'is no JSON object'],
    [' '.repeat(1024 * 1024 + 1), 'has more than 1048576 bytes'],
  ])('have to be what an agent can read: not %j', async (text, words) => {
    expect(await refusal(labWith(text), inLab)).toContain(words);
  });

  it('are no folder', async () => {
    const directory = temporaryFolder();
    mkdirSync(`${directory}/${inLab}`, { recursive: true });
    expect(await refusal(directory, inLab)).toContain('is a folder');
  });

  it('may be hidden from all but the Engine', async () => {
    const denied = Object.assign(new Error('permission denied'), { code: 'EACCES' });
    const files: FileSystem = {
      ...nodeFileSystem,
      readText: () => {
        throw denied;
      },
    };
    expect(await refusal(labWith('{}'), inLab, files)).toBeUndefined();
  });
});
