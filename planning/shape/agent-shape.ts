import * as z from 'zod';

export const attributes = z
  .union([z.string(), z.record(z.string(), z.union([z.string(), z.number()]))])
  .meta({ description: 'Agent attributes, as a map or as Mesos writes them.', examples: ['rack:abc;zone:west'] });
export const resources = z.string().meta({
  description: 'Agent resources, as Mesos writes them.',
  examples: ['cpus:2;mem:2048;disk:10240;ports:[31000-32000]'],
});
