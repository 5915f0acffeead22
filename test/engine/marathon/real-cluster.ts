import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { MarathonOptions } from '../../../engine/marathon/marathon-options.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { nodeProcesses } from '../../../platform/processes/processes.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { startTestMarathon } from './marathon-for-test.ts';

const quiet = { log: () => undefined };

/** A master, two agents with 50 ports each, and a Marathon of the engine; all end with the test. */
export async function startCluster(firstPort = 31_550, options: Partial<MarathonOptions> = {}) {
  const masters = inMemoryDiscovery();
  const folder = mkdtempSync(join(tmpdir(), 'marathon-test-'));
  const startNamedMaster = () =>
    startMaster(
      { host: '127.0.0.1', port: 0, hostname: '127.0.0.1', cluster: 'c', quorum: 1, discovery: masters, flags: {} },
      quiet,
    );
  const master = await startNamedMaster();
  const agents = await Promise.all(
    [1, 2].map((ordinal) =>
      startAgent(
        {
          host: '127.0.0.1',
          port: 0,
          hostname: '127.0.0.1',
          masters,
          resources: `cpus:2;mem:512;disk:100;ports:[${firstPort + 50 * (ordinal - 1)}-${firstPort + 50 * ordinal - 1}]`,
          attributes: `rack:r${ordinal}`,
          workDir: join(folder, `agent${ordinal}`),
          version: '1.12.0',
          dockerTasks: 'simulated',
          registrationBackoffMs: 20,
        },
        { ...quiet, processes: nodeProcesses, sandboxes: nodeSandboxes },
      ),
    ),
  );
  onTestFinished(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
    await master.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    master,
    agents,
    folder,
    startNamedMaster,
    ...(await startTestMarathon({ masters, hostname: '127.0.0.1', ...options })),
  };
}
