import type { Problem } from '../../errors/user-error.ts';
import type { AnyRuntimeName, ClusterRuntime, Lab } from '../../runtimes/cluster-runtime.ts';
import type { RuntimeName } from '../../runtimes/runtime-names.ts';

/** Which runtime was chosen, and why not those before it. */
export interface RuntimeChoice<Candidate> {
  readonly chosen: Candidate;
  readonly reason: string;
}

/** What is asked before a choice. */
export type RuntimeCandidate = Pick<ClusterRuntime, 'name' | 'refusal'>;

/** None of the runtimes can run the lab: each with its reason. */
export interface NoRuntime {
  readonly reasons: readonly { readonly name: AnyRuntimeName; readonly problem: Problem }[];
}

/**
 * Tries runtimes in their order and takes the first that this machine can run.
 * @param wanted the one that `--runtime` names: then only that one is asked
 */
export async function chooseRuntime<Candidate extends RuntimeCandidate>(
  candidates: readonly Candidate[],
  lab: Lab,
  wanted: RuntimeName | undefined,
  signal: AbortSignal,
): Promise<RuntimeChoice<Candidate> | NoRuntime> {
  const reasons: { name: AnyRuntimeName; problem: Problem }[] = [];
  for (const candidate of candidates.filter(({ name }) => wanted === undefined || name === wanted)) {
    const problem = await candidate.refusal(lab, 'up', signal);
    if (problem !== undefined) {
      reasons.push({ name: candidate.name, problem });
      continue;
    }
    const before = reasons.map((each) => `not ${each.name}: ${inWords(each.problem)}`).join('; ');
    const asked = wanted === undefined ? `${candidate.name} answers` : '--runtime says so';
    return { chosen: candidate, reason: before === '' ? asked : before };
  }
  return { reasons };
}

/** A problem in one line, without what to do about it. */
const inWords = ({ message, found }: Problem) => (found === undefined ? message : `${message} (${found})`);
