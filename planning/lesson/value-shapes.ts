import * as z from 'zod';

/** Values that several steps of a lesson have. */

export const appId = z.string().meta({
  description: 'Id of an app or a pod. What a lesson makes is in the group `/learn`.',
  pattern: '^/learn(/[a-z0-9.-]+)*$',
  examples: ['/learn/nginx'],
});
export const count = (description: string) => z.int().min(0).meta({ description });
export const text = (description: string, examples?: readonly string[]) =>
  z.string().meta({ description, ...(examples === undefined ? {} : { examples: [...examples] }) });

/** JSON that an answer contains: maps key by key, lists item by item in any order, everything else as it is. */
export const contained = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).meta({
  description:
    'What the answer contains: of a map the keys that are named, of a list an item for each that is named, and every other value as it is.',
  examples: [{ env: { COLOUR: 'green' } }],
});

export const file = (description: string, examples: readonly string[]) =>
  z.string().meta({ description: `${description} A path in the folder of the lesson.`, examples: [...examples] });

export const partNames = z.union([z.string(), z.array(z.string())]).meta({
  description:
    'Names of components or nodes, as `status` shows them; also `leading-master`, `leading-marathon`, and `agent-of APP`, the agent where the first task of an app runs; for `start` also `all`.',
  examples: ['agent1', ['master1', 'master2'], 'leading-master', 'agent-of /learn/web'],
});

export const agentName = z.string().meta({
  description: 'Name of an agent, as `status` shows it, or `agent-of APP`.',
  examples: ['agent1', 'agent-of /learn/web'],
});

export const answerer = z.string().meta({
  description:
    'Who is asked: `mesos-master` and `marathon` (those that lead), `marathon-lb` (its statistics), `chronos`, `mesos-dns`, `registry`, `metrics` (the exporter), `autoscaler`, or the name of an agent.',
  examples: ['mesos-master', 'marathon', 'agent1'],
});

export const path = z.string().meta({ description: 'Path and query of a URL.', examples: ['/v2/info'] });
