import type { Problem } from '../../../errors/user-error.ts';
import { isUserError } from '../../../errors/user-error.ts';
import { allProblems } from '../../../planning/spec-text/all-problems.ts';
import { readSpec } from '../../../planning/spec-text/load-spec.ts';
import { preparePlan } from '../../../planning/plan/prepare-plan.ts';

const file = 'mesos-cluster.yaml';

/** A spec in which `▶` stands in front of each place where a problem is expected. */
export function withoutMarks(marked: string): { readonly text: string; readonly places: readonly string[] } {
  const places: string[] = [];
  const lines = marked.split('\n').map((line, index) => {
    let rest = line;
    for (let column = rest.indexOf('▶'); column !== -1; column = rest.indexOf('▶')) {
      places.push(`${index + 1}:${column + 1}`);
      rest = rest.slice(0, column) + rest.slice(column + 1);
    }
    return rest;
  });
  return { text: lines.join('\n'), places };
}

/** Everything that is wrong with a spec file, from bytes to ports, or else doubtful; sorted by place. */
export async function problemsOf(text: string | Uint8Array): Promise<readonly Problem[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  try {
    const { spec, locate, problems, unread } = readSpec(bytes, file);
    const found = [...problems, ...(await allProblems(spec, locate, unread))];
    const all = found.length > 0 ? found : (await preparePlan(spec, locate)).warnings;
    return all.toSorted((a, b) => order(a) - order(b));
  } catch (error) {
    if (isUserError(error)) return error.problems;
    throw error;
  }
}

export function placeOf({ place }: Problem): string {
  if (place?.kind !== 'file') throw new Error('a problem of a file has a place in it');
  return `${place.line}:${place.column}`;
}

const order = ({ place }: Problem) => (place?.kind === 'file' ? place.line * 1000 + place.column : 0);
