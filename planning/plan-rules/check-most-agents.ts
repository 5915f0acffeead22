import { isUserError, type Place } from '../../errors/user-error.ts';
import { agentBounds } from '../plan/agent-bounds.ts';
import { agentChanges } from '../plan/agent-changes.ts';
import { planCluster } from '../plan/plan-cluster.ts';
import { checkSpec } from '../rules/check-spec.ts';
import { problem } from '../rules/rule.ts';
import type { ClusterSpec, NodeSpec } from '../shape/cluster-spec.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { checkPlan } from './check-plan-ports.ts';

const path = ['autoscale', 'agents', 'max'];
const nowhere: Place = { kind: 'flag', flag: '' };

/**
 * Finds what would be wrong if a lab had as many agents as the autoscaler may have wanted: `scale agents` would refuse that
 * only when the queue is already long.
 * @param spec in which nothing else is wrong
 */
export async function checkMostAgents(spec: ClusterSpec): Promise<readonly SpecProblem[]> {
  const max = agentBounds(spec)?.max;
  if (max === undefined) return [];
  const grown = withAgents(spec, max);
  if (!('spec' in grown)) return [grown];
  const found = (await checkSpec(grown.spec)).filter(isError);
  const all = found.length > 0 ? found : checkPlan(planCluster(grown.spec), grown.spec).filter(isError);
  return all.map(({ code, message, path: at, ...rest }) =>
    problem(code, path, `With ${max} agents: ${message} (${at.join('.')})`, { ...rest, at: 'value' }),
  );
}

const isError = ({ severity }: SpecProblem) => severity === 'error';

/** The same lab with so many agents, of which nothing but that is asked; or why nobody can say what that would be. */
function withAgents(spec: ClusterSpec, wanted: number): { readonly spec: ClusterSpec } | SpecProblem {
  const { autoscale: { prometheus } = {}, ...rest } = spec;
  const start: ClusterSpec = { ...rest, autoscale: prometheus === undefined ? {} : { prometheus } };
  try {
    const changes = agentChanges(spec, wanted, () => nowhere);
    return { spec: changes.reduce(withChange, start) };
  } catch (error) {
    if (!isUserError(error)) throw error;
    const [{ code, message, fix }] = error.problems;
    return problem(code, path, `With ${wanted} agents: ${message}`, { found: String(wanted), ...(fix && { fix }) });
  }
}

/** Agents are only added: a number, all nodes, or one more of them. */
function withChange(spec: ClusterSpec, { path: [key, part], value }: ReturnType<typeof agentChanges>[number]) {
  if (key === 'counts') return { ...spec, counts: { ...spec.counts, agents: value as number } };
  if (part === undefined) return { ...spec, [String(key)]: value };
  return { ...spec, nodes: [...(spec.nodes ?? []), value as NodeSpec] };
}
