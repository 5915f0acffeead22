import type { Attribute, Resource } from '../../../protocol/mesos.ts';

/** What an agent is to its master: a change of it under the same id would break promises that were made with it. */
export interface AgentInfo {
  readonly hostname: string;
  readonly port: number;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
}

const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;

/** The same text for the same agent, whatever the order of its resources. */
const describeInfo = ({ hostname, port, resources, attributes }: AgentInfo): string =>
  JSON.stringify({
    hostname,
    port,
    resources: [...resources].sort(byName),
    attributes: [...attributes].sort(byName),
  });

const rule = '------------------------------------------------------------';

/**
 * @throws Error in Mesos's words when the agent is not the one that it was (`equal` in src/slave/compatibility.cpp, the
 *   policy that Mesos has by default, and Slave::__recover)
 */
export function checkCompatible(previous: AgentInfo, current: AgentInfo, workDir: string): void {
  const [old, now] = [describeInfo(previous), describeInfo(current)];
  if (old === now) return;
  throw new Error(
    [
      'Failed to perform recovery: Incompatible agent info detected.',
      rule,
      `Old agent info:\n${old}`,
      rule,
      `New agent info:\n${now}`,
      rule,
      newAgentAdvice(workDir),
    ].join('\n'),
  );
}

/** As Slave::__recover of Mesos advises. */
export const newAgentAdvice = (workDir: string): string =>
  [
    'To restart this agent with a new agent id instead, do as follows:',
    `rm -f ${workDir}/meta/slaves/latest`,
    'This ensures that the agent does not recover old live executors.',
  ].join('\n');
