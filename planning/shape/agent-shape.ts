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

export const taskNetwork = z.string().meta({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description:
    'Name of a Docker network that the agents have: containers of apps that name it get an address of their own, which the whole lab reaches (placement `one-host`; see docs/networks.md). Without it there is none.',
  examples: ['lab'],
});
