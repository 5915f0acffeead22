import { checkAdopted } from './check-adopted.ts';
import { checkAddresses } from './network/check-addresses.ts';
import { checkAgentBounds } from './check-agent-bounds.ts';
import { checkAgents } from './check-agents.ts';
import { checkAutoscale } from './check-autoscale.ts';
import { checkCleaner } from './check-cleaner.ts';
import { checkCombinations } from './check-combinations.ts';
import { checkCounts } from './check-counts.ts';
import { checkDockerConfig } from './check-docker-config.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkEndpoints } from './network/check-endpoints.ts';
import { checkImages } from './check-images.ts';
import { checkNames } from './check-names.ts';
import { checkOldNames } from './check-old-names.ts';
import { checkPaths } from './check-paths.ts';
import { checkPorts } from './network/check-ports.ts';
import { checkRegistry } from './check-registry.ts';
import { checkRoles } from './check-roles.ts';
import { checkSimulatedAgents } from './check-simulated-agents.ts';
import { checkTaskNetwork } from './check-task-network.ts';
import { checkText } from './check-text.ts';
import { checkUrls } from './network/check-urls.ts';
import { checkVagrant } from './check-vagrant.ts';
import { checkZookeeperIds } from './check-zookeeper-ids.ts';
import type { Rule } from './rule.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import { resolveSpec, type ResolvedSpec } from '../plan/resolve-spec.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';

/** In the order of the messages. */
const checks: readonly Rule[] = [
  checkNames,
  checkOldNames,
  checkCombinations,
  checkCounts,
  checkRoles,
  checkDuplicates,
  checkAddresses,
  checkZookeeperIds,
  checkEndpoints,
  checkAgents,
  checkDockerConfig,
  checkSimulatedAgents,
  checkCleaner,
  checkTaskNetwork,
  checkImages,
  checkPorts,
  checkPaths,
  checkUrls,
  checkAutoscale,
  checkRegistry,
  checkAgentBounds,
  checkVagrant,
];

/** Of a cluster that is there already: what is, is right, as far as it can be written down. */
const checksOfAdopted: readonly Rule[] = [
  checkNames,
  checkOldNames,
  (spec, resolved) => checkDuplicates(withoutAddresses(spec), resolved),
  checkAgents,
  checkSimulatedAgents,
  checkPaths,
  checkAdopted,
];

/** Its masters may share a machine. */
const withoutAddresses = (spec: ClusterSpec): ClusterSpec => ({
  ...spec,
  nodes: (spec.nodes ?? []).map((node) => ({ ...node, address: undefined })),
});

/**
 * Finds everything that is wrong with what a spec means, and what is doubtful (severity `warning`), whether it came
 * from a file, flags or questions. Ports that clash need a plan: checks/check-plan-ports.ts.
 */
export async function checkSpec(spec: ClusterSpec): Promise<readonly SpecProblem[]> {
  const resolved = resolveSpec(spec);
  const wanted = spec.adopted === undefined ? checks : checksOfAdopted;
  const problems = wanted.flatMap((check) => check(spec, resolved));
  if (passesFlags(spec)) {
    // The tables of all flags are large, and few specs have flags.
    const { checkFlags } = await import('./check-flags.ts');
    problems.push(...checkFlags(spec, resolved));
  }
  return [...problems, ...unsaidText(spec, resolved, problems)];
}

const passesFlags = ({ mesos, marathon }: ClusterSpec) =>
  [mesos?.master?.flags, mesos?.agent?.flags, marathon?.flags].some((flags) => flags && Object.keys(flags).length > 0);

/** A name with a line break is one problem: what the other checks say about it is more to the point. */
function unsaidText(spec: ClusterSpec, resolved: ResolvedSpec, said: readonly SpecProblem[]): readonly SpecProblem[] {
  const placeOf = ({ path }: SpecProblem) => path.join('\u0000');
  const places = new Set(said.filter(({ severity }) => severity === 'error').map(placeOf));
  return checkText(spec, resolved).filter((problem) => !places.has(placeOf(problem)));
}
