import { expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { embeddedCluster } from '../../../runtimes/embedded/embedded-cluster.ts';
import { statesOf } from '../../../runtimes/embedded/part-control.ts';
import { partsApart } from '../../../runtimes/embedded/parts/parts-apart.ts';
import { runFolder } from '../../../runtimes/embedded/run-folder.ts';
import { planOf } from './plan-of.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The parts of a lab with two Marathons, and what their threads were given and asked. */
async function apart(simulatedAgents?: { readonly count: number }) {
  const plan = await planOf({ preset: 'ha', counts: { marathons: 2 }, ...(simulatedAgents && { simulatedAgents }) });
  const cluster = embeddedCluster(plan, { ownAddresses: false });
  const threads: { readonly ids: readonly string[]; readonly asked: unknown[]; isOver: boolean }[] = [];
  let answer: () => Promise<unknown> = () => Promise.resolve({ state: 'running', isCutOff: false });
  const masters = inMemoryDiscovery();
  const world = { folder: runFolder('/lab'), logOf: () => () => undefined };
  const found = partsApart(
    cluster,
    {
      ...world,
      startThread: (given) => {
        const thread = {
          ids: (given as { readonly ids: readonly string[] }).ids,
          asked: [] as unknown[],
          isOver: false,
        };
        threads.push(thread);
        return {
          ask: (content) => {
            thread.asked.push(content);
            return answer();
          },
          end: () => {
            thread.isOver = true;
            return Promise.resolve();
          },
        };
      },
    },
    masters,
  );
  const answers = (next: typeof answer) => {
    answer = next;
  };
  return { found, threads, masters, answers };
}

test('a lab without simulated agents has one thread', async () => {
  const { found, threads } = await apart();
  expect([threads, found.parts.size]).toEqual([[], 0]);
});

test('simulated agents have a thread with the load balancers, and Marathons one with each other', async () => {
  const { threads, found } = await apart({ count: 10 });
  expect(threads.map(({ ids }) => ids)).toEqual([
    ['simulated-agents', 'marathon-lb'],
    ['marathon1', 'marathon2'],
  ]);
  expect([...found.parts.keys()]).toEqual(threads.flatMap(({ ids }) => ids));
  await found.end();
  expect(threads.map(({ isOver }) => isOver)).toEqual([true, true]);
});

test('each thread is told who leads the masters', async () => {
  const { threads, masters } = await apart({ count: 10 });
  const leader = { id: 'm', url: 'http://m:5050', hostname: 'm' };
  masters.contend(leader, { onElected: () => undefined });
  await settled();
  for (const { asked } of threads) expect(asked.at(-1)).toEqual({ leader, memberCount: 1 });
});

test('what is done with a part is asked of its thread, which says what the part is in then', async () => {
  const { found, threads, answers } = await apart({ count: 10 });
  const [agents, marathon] = [found.parts.get('simulated-agents'), found.parts.get('marathon2')];
  expect(statesOf(found.parts)).toMatchObject({ marathon2: 'stopped', 'simulated-agents': 'stopped' });
  await marathon?.start();
  await agents?.start();
  answers(() => Promise.resolve({ state: 'running', isCutOff: true }));
  await agents?.partition?.(true);
  expect(statesOf(found.parts)).toMatchObject({ marathon2: 'running', 'simulated-agents': 'partitioned' });
  answers(() => Promise.resolve({ state: 'killed', isCutOff: false }));
  await marathon?.kill();
  expect(statesOf(found.parts)).toMatchObject({ marathon1: 'stopped', marathon2: 'killed' });
  answers(() => Promise.reject(new Error('no such port')));
  await expect(marathon?.start()).rejects.toThrow('no such port');
  expect(marathon?.state).toBe('killed');
  const verbs = threads.map(({ asked }) => asked.filter((each) => Object.hasOwn(each as object, 'verb')));
  expect(verbs).toEqual([
    [
      { id: 'simulated-agents', verb: 'start' },
      { id: 'simulated-agents', verb: 'cut' },
    ],
    [
      { id: 'marathon2', verb: 'start' },
      { id: 'marathon2', verb: 'kill' },
      { id: 'marathon2', verb: 'start' },
    ],
  ]);
  // Nobody else is cut off from the masters.
  expect(marathon?.partition).toBeUndefined();
});
