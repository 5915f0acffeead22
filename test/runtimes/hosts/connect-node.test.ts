import { expect, it } from 'vitest';
import { nodeConnector } from '../../../runtimes/hosts/nodes/connect-node.ts';
import { fakeMachines, fakeWorld, planWithAgents } from './fake-machines.ts';

it('an interruption ends a login that nobody answers at once', async () => {
  const plan = planWithAgents(2);
  const [node] = plan.nodes;
  if (node === undefined) throw new Error('a plan without nodes');
  const interruption = new AbortController();
  const world = fakeWorld(fakeMachines(0), plan);
  const connect = nodeConnector({
    ...world,
    signal: interruption.signal,
    openTunnel: (_, { signal }) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => {
          resolve({ kind: 'failed', words: '', timedOut: false });
        });
      }),
  });
  const reach = connect({ ...node, docker: 'ssh://ann@10.0.0.1' });
  interruption.abort('SIGINT');
  await expect(reach).rejects.toBe('SIGINT');
});
