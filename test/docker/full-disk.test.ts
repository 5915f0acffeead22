import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImageNames, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { startOwnEngine, type OwnEngine } from './support/own-engine.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

describe.skipIf(!hasDocker)('a lab that runs on Docker, whose disk is full', () => {
  let engine: OwnEngine;
  let lab: DockerLab;
  beforeAll(async () => {
    engine = await startOwnEngine(localImageNames, { volumesMb: 400 });
    lab = await dockerLab({ preset: 'single', agentDocker: 'socket', timing: 'fast' }, engine);
    await upAndVerified(lab);
    engine.fillVolumes();
  });
  afterAll(async () => {
    await lab.remove();
    await engine.remove();
  });

  it.each([
    ['status', 5],
    ['verify', 3],
    ['doctor', 0],
  ] as const)('is said to have a full disk by %s', async (verb, exitCode) => {
    const { status, stdout, stderr } = await lab.run(verb);
    expect([status, stdout + stderr]).toEqual([
      exitCode,
      expect.stringMatching(/the disk of Docker, as \S+ sees it \(\/\S+\), is full/),
    ]);
  });
});
