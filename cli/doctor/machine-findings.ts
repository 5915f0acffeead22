import type { Context } from '../../platform/context.ts';
import { isAtLeast } from '../../platform/processes/program-version.ts';
import { portsNeed, type Finding } from '../../runtimes/doctor-facet.ts';
import { runtimesOf } from '../running/runtimes.ts';

const oldestNode = '20.12.0';

export function checkNode({ nodeVersion }: Context): Finding {
  const ok = isAtLeast(nodeVersion, oldestNode);
  return { need: `Node.js ${oldestNode} or newer`, ok, found: nodeVersion, fix: 'install a newer Node.js' };
}

/** What runs of a lab: then its ports are its own. */
export async function runningFinding(context: Context, directory: string): Promise<Finding | undefined> {
  const there = await runtimesOf(context).find(directory);
  if (there?.found.kind !== 'running') return undefined;
  const { processId } = there.found.lab;
  const how = processId === undefined ? `on ${there.runtime.name}` : `process ${processId}`;
  return { need: portsNeed, ok: true, found: `the lab runs (${how})` };
}
