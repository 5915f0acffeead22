import * as z from 'zod';
import { defaultAgentCooldown } from '../components/autoscaler.ts';

/** How many agents there may be, and how fast that changes. */
const agents = z
  .strictObject({
    min: z.int().meta({ minimum: 1, description: 'Least agents.' }),
    max: z.int().meta({ minimum: 1, description: 'Most agents; the lab has to be one that can have so many.' }),
    cooldown: z
      .string()
      .optional()
      .meta({
        description:
          'At most one step is taken in this time, as Mesos writes it, 1secs or more. The queue waits a quarter of it before agents are added, and an agent is idle for five of it before it goes.',
        default: defaultAgentCooldown,
        examples: ['30secs'],
      }),
  })
  .meta({
    description:
      'Bounds within which `scale agents auto` follows the decisions of the autoscaler: more agents while the queue of Marathon waits for resources, fewer when the last ones have no task.',
  });

/** What the add-on autoscaler is told beside its labels. */
export const autoscale = z
  .strictObject({
    prometheus: z.string().optional().meta({
      description: 'URL of a Prometheus, as the autoscaler reaches it, for apps whose metric is a query.',
    }),
    agents: agents.optional(),
  })
  .meta({ description: 'What the add-on autoscaler asks beside the lab.' });
