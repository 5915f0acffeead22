import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { hostEngine, leftOf } from './support/engine.ts';
import type { LabRun } from './support/lab-run.ts';
import { expectRealNginx } from './support/real-nginx.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const masterPorts = [5050, 5150, 5250];

describe.skipIf(!hasDocker).each(['dind', 'socket'] as const)(
  'a lab of three masters, agentDocker %s',
  (agentDocker) => {
    let lab: DockerLab;
    let up: LabRun;
    beforeAll(async () => {
      lab = await dockerLab({ preset: 'ha', agentDocker });
      up = await upAndVerified(lab);
    });
    afterAll(() => lab.remove());

    it('comes up verified', async () => {
      expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
      expect((await lab.containers()).map(({ service, state }) => `${service} ${state}`)).toEqual(
        expect.arrayContaining(['zookeeper3 running', 'master3 running', 'agent3 running']),
      );
    });

    it('has one leader, whom all agents know', async () => {
      const metrics = await Promise.all(
        masterPorts.map(async (port) => (await lab.ask(port, '/metrics/snapshot')) as Readonly<Record<string, number>>),
      );
      expect(metrics.map((each) => each['master/elected']).toSorted()).toEqual([0, 0, 1]);
      const leader = metrics.find((each) => each['master/elected'] === 1);
      expect(leader).toMatchObject({ 'master/slaves_active': 3 });
    });

    it('has nginx answer through the load balancer', async () => {
      await expectRealNginx(lab);
    });

    it('goes down without a trace', async () => {
      const down = await lab.run('down');
      expect(down.status, down.stderr).toBe(0);
      expect(await leftOf(hostEngine, lab.name)).toEqual([]);
    });
  },
);
