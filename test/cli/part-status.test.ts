import { describe, expect, it } from 'vitest';
import { partStatuses } from '../../cli/status/part-status.ts';
import { planOf } from '../runtimes/embedded/plan-of.ts';

/** Whether a container of agent1's pod is well, by what Docker says of it and whether the agent is registered. */
async function isWell(id: string, detail: string, agentOk: boolean, state = 'running'): Promise<boolean | undefined> {
  const plan = await planOf({ preset: 'single' });
  const agent = { id: 'agent1', node: 'agent1', role: 'mesos-agent', state: '', url: '', ok: agentOk } as const;
  return partStatuses({ plan, parts: [{ id, node: 'agent1', role: 'any', state, detail }] }, [agent])[0]?.ok;
}

describe('a container that was just started', () => {
  it.each(['agent1', 'agent1-docker'])('is well when its agent is registered: %s', async (id) => {
    expect(await isWell(id, 'Up 2 seconds (health: starting)', true)).toBe(true);
  });

  it.each(['agent1', 'agent1-docker'])('is not known to be well before: %s', async (id) => {
    expect(await isWell(id, 'Up 2 seconds (health: starting)', false)).toBe(false);
  });
});

describe('a container', () => {
  it.each([
    ['agent1-docker', 'Up 2 minutes (unhealthy)', 'running', false],
    ['agent1-docker', 'Exited (1) 2 seconds ago', 'exited', false],
    ['agent1-docker', 'Up 2 minutes (healthy)', 'running', true],
    ['agent1-node', 'Up 2 minutes', 'running', true],
  ])('%s is as Docker says: %s', async (id, detail, state, ok) => {
    expect(await isWell(id, detail, true, state)).toBe(ok);
  });

  it('is not well when what is in it does not answer', async () => {
    expect(await isWell('agent1', 'Up 2 minutes (healthy)', false)).toBe(false);
  });
});
