import * as z from 'zod';

export const taskNetwork = z.string().meta({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description:
    'Name of a Docker network that the agents have: containers of apps that name it get an address of their own, which the whole lab reaches (placement `one-host`; see docs/networks.md). Without it there is none.',
  examples: ['lab'],
});
