import * as z from 'zod';

/** `adopted` of a spec. */
export const adopted = z
  .strictObject({
    masters: z.array(z.string()).meta({ description: 'URLs of the masters, in the order of their nodes.' }),
    agents: z.array(z.string()).optional().meta({
      description: 'URLs of the agents by the host names and ports that the masters show, in the order of their nodes.',
    }),
    marathons: z.array(z.string()).optional().meta({ description: 'URLs of Marathon, in the order of their nodes.' }),
    loadBalancer: z.string().optional().meta({ description: 'URL of the statistics of the load balancer.' }),
    zookeeper: z
      .string()
      .optional()
      .meta({ description: "The masters' own --zk.", examples: ['zk://10.0.0.2:2181/mesos'] }),
  })
  .meta({
    description:
      'A cluster that somebody else runs, as `adopt URL` found it: it is looked at and verified, never started or stopped.',
  });
