import * as z from 'zod';

export const attributes = z
  .union([z.string(), z.record(z.string(), z.union([z.string(), z.number()]))])
  .meta({ description: 'Agent attributes, as a map or as Mesos writes them.', examples: ['rack:abc;zone:west'] });
export const resources = z.string().meta({
  description: 'Agent resources, as Mesos writes them.',
  examples: ['cpus:2;mem:2048;disk:10240;ports:[31000-32000]'],
});
export const dockerConfig = z.string().meta({
  description:
    'File with the credentials of private registries, in the form of ~/.docker/config.json (MESOS_DOCKER_CONFIG): in the folder secrets of the lab, or an absolute path of the machine (placement `machines`: of each with an agent).',
  examples: ['secrets/docker-config.json'],
});
