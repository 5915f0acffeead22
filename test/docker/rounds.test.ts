import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImageNames, type DockerLab } from './support/docker-lab.ts';
import { snapshotOf } from './support/engine.ts';
import { startOwnEngine, type OwnEngine } from './support/own-engine.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const rounds = 10;

describe.skipIf(!hasDocker)('ten rounds of up and down', () => {
  let engine: OwnEngine;
  let lab: DockerLab;
  beforeAll(async () => {
    // Nobody else uses it, so it can be compared to the last volume.
    engine = await startOwnEngine(localImageNames);
    lab = await dockerLab({ counts: { agents: 1 } }, engine);
  });
  afterAll(async () => {
    await lab.remove();
    await engine.remove();
  });

  it('leave the Engine as it was', { timeout: rounds * 60_000 }, async () => {
    const { images, ...before } = await snapshotOf(engine);
    let built: readonly string[] = [];
    for (let round = 1; round <= rounds; round++) {
      const up = await lab.run('up', '--runtime', 'docker');
      expect(up.status, `round ${String(round)}: ${up.stdout}${up.stderr}`).toBe(0);
      const down = await lab.run('down');
      expect(down.status, `round ${String(round)}: ${down.stderr}`).toBe(0);
      const { images: kept, ...after } = await snapshotOf(engine);
      expect(after, `round ${String(round)}`).toEqual(before);
      // What was built in the first round is kept, said so, and built no more.
      const added = kept.filter((image) => !images.includes(image));
      if (round === 1) built = added;
      expect(added).toEqual(built);
      expect(down.stdout + down.stderr).toContain('create-mesos-cluster/lite:local');
    }
    expect(built).toEqual([expect.stringMatching(/^create-mesos-cluster\/lite:local /)]);
  });
});
