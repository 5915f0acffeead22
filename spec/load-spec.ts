import { isMap } from 'yaml';
import { UserError, type Place, type Problem } from '../errors/user-error.ts';
import { clusterSpecSchema, type ClusterSpec } from './cluster-spec.ts';
import { decodeSpecText } from './decode-text.ts';
import { locateInYaml } from './locate.ts';
import { parseYaml } from './parse-yaml.ts';
import { placeProblem } from './place-problem.ts';
import { shapeProblems } from './shape-problems.ts';
import { showValue } from './show-value.ts';
import type { Locate } from './spec-problem.ts';
import { yamlValue } from './yaml-value.ts';

/** A spec that has the right shape; what its values mean together is check-spec.ts's to judge. */
export interface LoadedSpec {
  readonly spec: ClusterSpec;
  readonly locate: Locate;
}

/**
 * Reads mesos-cluster.yaml (YAML 1.2, and so JSON too). Throws UserError with all problems of the first stage that has
 * any: bytes (SPEC_FILE), syntax (SPEC_SYNTAX), then keys and types (SPEC_UNKNOWN_KEY, SPEC_TYPE), in the order of the
 * file and each with its line and column.
 *
 * @param file what the messages call the file
 * @param fallback used for a name that the spec does not give
 */
export function loadSpec(
  bytes: Uint8Array,
  file: string,
  fallback: { readonly name?: string | undefined } = {},
): LoadedSpec {
  const text = decodeSpecText(bytes, file);
  const { document, lines } = parseYaml(text, file);
  const root = document.contents;
  const { value, targets, problems } = yamlValue(root, lines, file);
  failWith(problems);
  const locate = locateInYaml(root, targets, lines, file);
  if (!isMap(root)) throw new UserError(notAMap(value, locate));

  const withName = fallback.name === undefined ? value : { name: fallback.name, ...(value as object) };
  const result = clusterSpecSchema.safeParse(withName);
  if (result.success) return { spec: result.data, locate };
  failWith(shapeProblems(result.error.issues, withName).map((problem) => placeProblem(problem, locate)));
  throw new Error('the schema refuses a spec for no reason', { cause: result.error });
}

function notAMap(value: unknown, locate: Locate): Problem {
  const place = locate([], 'value');
  if (value === null) {
    return {
      code: 'SPEC_FILE',
      message: 'The spec is empty',
      place,
      found: 'nothing, or only comments',
      allowed: 'at least `name: my-lab`',
      fix: 'Write a name and a preset, or make a lab without a spec: create-mesos-cluster my-lab --yes',
    };
  }
  return {
    code: 'SPEC_TYPE',
    message: 'The spec is not a map of keys to values',
    place,
    found: showValue(value),
    allowed: 'lines of `key: value`, such as `name: my-lab`',
    fix: 'Check that this is the right file',
  };
}

function failWith(problems: readonly Problem[]): void {
  const [first, ...more] = problems.toSorted((a, b) => orderOf(a.place) - orderOf(b.place));
  if (first) throw new UserError(first, ...more);
}

const orderOf = (place: Place | undefined) => (place?.kind === 'file' ? place.line * 100_000 + place.column : 0);
