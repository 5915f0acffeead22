import * as z from 'zod';

/** What the add-on autoscaler is told beside its labels. */
export const autoscale = z
  .strictObject({
    prometheus: z.string().optional().meta({
      description: 'URL of a Prometheus, as the autoscaler reaches it, for apps whose metric is a query.',
    }),
  })
  .meta({ description: 'What the add-on autoscaler asks beside the lab.' });
