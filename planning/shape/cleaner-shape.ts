import * as z from 'zod';
import { cleaner as defaults } from '../components/cleaner.ts';

export const cleaner = z
  .strictObject({
    enabled: z.boolean().optional().meta({ description: 'false: nothing but Mesos removes anything.', default: true }),
    containers: z.int().optional().meta({
      minimum: 1,
      maximum: 10_000,
      default: defaults.containers,
      description: 'How many ended containers of tasks the Engine of an agent keeps, the latest ones.',
    }),
    age: z
      .string()
      .optional()
      .meta({
        description:
          'How long it keeps them, as Mesos writes it, 10secs or more; without it what `mesos.agent.flags.docker_remove_delay` says, or 15mins.',
        examples: ['5mins'],
      }),
    danglingImagesMb: z.int().optional().meta({
      minimum: 0,
      maximum: 1_000_000,
      default: defaults.danglingImagesMb,
      description: 'How much it keeps of images without a tag, in MB, the newest ones.',
    }),
  })
  .meta({
    description:
      "What removes ended containers and images without a tag from the agents' own Engines (`agentDocker: dind`), and says so in the log of `agent1-cleaner`.",
  });
