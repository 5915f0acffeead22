import type { PortQuestions } from './taken-ports.ts';

/** Whether agents can have a loopback address each on this machine: macOS has 127.0.0.1 alone. */
export const hasOwnAddresses = async ({ tryPort }: Pick<PortQuestions, 'tryPort'>): Promise<boolean> =>
  (await tryPort('127.0.0.2', 0)) === undefined;
