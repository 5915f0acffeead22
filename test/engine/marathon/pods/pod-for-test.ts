import type { Loose } from '../shapes/loose.ts';
import type { Answer } from '../marathon-for-test.ts';

interface Client {
  readonly get: (path: string) => Promise<Answer>;
}

export const container = (name: string, more: object = {}) => ({
  name,
  exec: { command: { shell: 'sleep 1000' } },
  resources: { cpus: 0.1, mem: 32 },
  ...more,
});

export const pod = (more: object = {}) => ({
  id: '/pod',
  containers: [container('a'), container('b')],
  networks: [{ mode: 'host' }],
  ...more,
});

export async function statusOf(client: Client, id: string): Promise<Loose> {
  const { body } = await client.get(`/v2/pods${id}::status`);
  return body;
}
