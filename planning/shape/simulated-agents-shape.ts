import * as z from 'zod';
import { mostSimulatedAgents, simulatedResources } from '../../protocol/mesos-defaults.ts';
import { attributes } from './agent-shape.ts';

const timeRange = (description: string, examples: readonly string[], fallback?: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: [...examples], ...(fallback === undefined ? {} : { default: fallback }) });

export const simulatedAgents = z
  .strictObject({
    count: z.int().meta({ minimum: 0, maximum: mostSimulatedAgents, description: 'How many there are.' }),
    resources: z.string().optional().meta({
      description: 'What each offers, as Mesos writes it; it has nothing of this machine.',
      default: simulatedResources,
    }),
    attributes: attributes.optional().meta({
      description: 'What all of them have, beside `simulated:true`, which tells them from real ones.',
      examples: ['disks:ssd'],
    }),
    racks: z.int().optional().meta({
      minimum: 1,
      maximum: mostSimulatedAgents,
      description: 'Spreads them over so many racks in turn: attribute `rack`, from `rack1` on.',
    }),
    zones: z.int().optional().meta({
      minimum: 1,
      maximum: mostSimulatedAgents,
      description: 'Spreads the racks over so many zones in turn, or the agents: attribute `zone`, from `zone1` on.',
    }),
    tasks: z
      .strictObject({
        startDelay: timeRange(
          'From the launch until a task runs, or two times that it is drawn between.',
          ['500ms', '1secs-3secs'],
          '0secs',
        ),
        endAfter: timeRange('How long a task runs before it finishes; without it until it is killed.', [
          '5mins-10mins',
        ]),
        crashRate: z.number().optional().meta({
          minimum: 0,
          maximum: 1,
          default: 0,
          description: 'Which part of the tasks fails: 0.01 is 1 in 100.',
        }),
        crashAfter: timeRange('How long those run that fail.', ['1secs-1mins'], '0secs-1mins'),
      })
      .optional()
      .meta({ description: 'What their tasks do: nothing runs.' }),
  })
  .meta({
    description:
      'Agents beside the real ones whose tasks are simulated, for up --runtime embedded: a cluster of any size on one machine.',
  });
