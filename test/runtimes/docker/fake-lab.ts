import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { composeFiles } from '../../../generators/compose/compose-files.ts';
import { systemClock } from '../../../platform/clock.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { streamingCommands } from '../../../platform/processes/streaming-commands.ts';
import { dockerRuntime } from '../../../runtimes/docker/docker-runtime.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { planOf } from '../embedded/plan-of.ts';
import { recordingReporter, startOptions } from '../start-options.ts';
import { FakeDocker, type FakeContainer } from './fake-docker.ts';

export const composeText = (plan: Plan) => composeFiles(plan)[0]?.content ?? '';

/** A lab in a folder, and the runtime on a fake Engine that has all of its images and makes two containers at `up`. */
export async function fakeLab(
  spec: Parameters<typeof planOf>[0] = {},
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const docker = new FakeDocker();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'docker-runtime-test-')));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const plan = await planOf({ preset: 'single', ...spec });
  const file = join(directory, 'docker-compose.yml');
  writeFileSync(file, composeText(plan));
  /** Ports that somebody holds, and who. */
  const taken = new Map<number, string>();
  const runtime = dockerRuntime({
    files: nodeFileSystem,
    clock: { now: systemClock.now, sleep: (_ms, signal) => systemClock.sleep(0, signal) },
    runCommand: docker.runCommand,
    loadCompose: docker.loadCompose,
    env: { COMPOSE_FILE: '/other.yml', HOME: '/home/ann', ...env },
    cwd: directory,
    toolFolder: '/tool',
    signal: new AbortController().signal,
    streams: streamingCommands,
    freeSpace: () => undefined,
    tryPort: (_host, port) => Promise.resolve(taken.has(port) ? 'EADDRINUSE' : undefined),
    findPortHolder: (port) => ({ pid: 99, command: taken.get(port) ?? '', words: [] }),
    hasTerminal: () => false,
    planOf: () => Promise.resolve(plan),
    composeFiles,
  });
  for (const { image } of plan.nodes.flatMap(({ components }) => components)) docker.images.add(image.reference);
  docker.images.add(plan.engine.image.reference);
  const container = (service: string, more: Partial<FakeContainer> = {}): FakeContainer => ({
    ...{ id: `id-${service}`, service, lab: plan.name, directory, composeFile: file },
    ...more,
  });
  const makeContainers = () => {
    docker.containers.push(container('zookeeper1'), container('master1'));
    docker.networks.push('net');
    docker.volumes.push('vol');
    return [];
  };
  const tell = recordingReporter();
  const options = startOptions(plan, { tell });
  return { docker, directory, file, plan, runtime, taken, container, makeContainers, options, tell };
}
