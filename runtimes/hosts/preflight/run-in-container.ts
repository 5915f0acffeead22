import type { ReachedNode } from '../nodes/connect-node.ts';

/**
 * Runs a script on a node's machine, in its network, in a container of the lab's own image, and removes it.
 * @returns what it prints; empty when the image is not there
 */
export async function runInContainer({ node, engine }: ReachedNode, script: string): Promise<string> {
  const image = node.components[0]?.image.reference;
  if (image === undefined) return '';
  const words = ['run', '--rm', '--network', 'host', '--pull', 'never', '--entrypoint', 'sh', image, '-c', script];
  const result = await engine.run(words, { timeoutMs: 60_000 });
  return result.kind === 'ended' ? result.stdout : '';
}
