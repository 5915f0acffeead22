import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { nodeFileSystem } from '../../../../platform/files/node-file-system.ts';
import { ownIdentity } from '../../../../platform/processes/process-identity.ts';
import { possibleChange } from '../../../../runtimes/embedded/agents/change-agents.ts';
import { embeddedCluster } from '../../../../runtimes/embedded/embedded-cluster.ts';
import { runFolder } from '../../../../runtimes/embedded/run-folder.ts';
import { writeRunRecord } from '../../../../runtimes/embedded/run-record.ts';
import { planOf } from '../plan-of.ts';

const planWith = (agents: number) =>
  planOf({ addons: ['autoscaler'], autoscale: { agents: { min: 1, max: 3 } }, counts: { agents } });

/** A lab with one agent that this process runs, on a machine that has such addresses. */
async function labOn({ ownAddresses }: { readonly ownAddresses: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'possible-change-test-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  mkdirSync(runFolder(directory).path, { recursive: true });
  const plan = await planWith(1);
  writeRunRecord(nodeFileSystem, directory, {
    ...{ format: 1, process: ownIdentity(), version: '1', startedAt: 5, asked: '', settings: [] },
    ...{ plan, cluster: embeddedCluster(plan, { ownAddresses }) },
  });
  const world = {
    ...{ files: nodeFileSystem, clock: systemClock, registry: { running: () => [] } },
    tryPort: (host: string) => Promise.resolve(host === '127.0.0.1' || ownAddresses ? undefined : 'EADDRNOTAVAIL'),
    findPortHolder: () => undefined,
    containerOn: () => Promise.resolve(undefined),
  };
  return { world, directory };
}

it.each([true, false])('an agent that comes has an address of its own where there is one: %s', async (ownAddresses) => {
  const { world, directory } = await labOn({ ownAddresses });
  const plan = await planWith(2);
  const found = await possibleChange(world, directory, { plan });
  expect(found?.change).toEqual({ added: embeddedCluster(plan, { ownAddresses }).agents.slice(1), gone: [] });
});
