import { isMap } from 'yaml';
import { UserError, type Place, type Problem } from '../../errors/user-error.ts';
import { clusterSpecSchema, type ClusterSpec } from '../shape/cluster-spec.ts';
import { decodeSpecText } from './decode-text.ts';
import { placesInYaml } from './locate.ts';
import { parseYaml } from './parse-yaml.ts';
import { placeProblem, type Locate, type SpecPath } from '../shape/spec-problem.ts';
import { readablePart } from './readable-part.ts';
import { shapeProblems } from '../shape/shape-problems.ts';
import { specShape } from '../shape/spec-shape.ts';
import { showValue } from '../shape/show-value.ts';
import { yamlValue } from './yaml-value.ts';

/** A spec that has the right shape; what its values mean together is check-spec.ts's to judge. */
export interface LoadedSpec {
  readonly spec: ClusterSpec;
  readonly locate: Locate;
}

/** What can be read of a spec; only for finding the rest of its problems while there are some. */
export interface ReadSpec extends LoadedSpec {
  readonly problems: readonly Problem[];
  /** Paths that are not in `spec`, because they could not be read. */
  readonly unread: readonly SpecPath[];
}

/**
 * Reads mesos-cluster.yaml (YAML 1.2, and so JSON too) as far as it can be read: repeated keys, aliases, keys and types
 * (SPEC_SYNTAX, SPEC_UNKNOWN_KEY, SPEC_TYPE) come back as problems, each with its line and column.
 *
 * @param file what the messages call the file
 * @throws UserError when bytes (SPEC_FILE) or syntax (SPEC_SYNTAX) leave nothing to read, or it is no map
 */
export function readSpec(bytes: Uint8Array, file: string): ReadSpec {
  const text = decodeSpecText(bytes, file);
  const { document, lines } = parseYaml(text, file);
  const root = document.contents;
  const { value, targets, problems } = yamlValue(root, lines, file);
  const { locate, sourceOf } = placesInYaml(root, targets, lines, file);
  if (!isMap(root)) throw problemsError(problems) ?? new UserError(notAMap(value, locate));

  const result = clusterSpecSchema.safeParse(value);
  if (result.success) return { spec: result.data, locate, problems, unread: [] };
  const found = shapeProblems(result.error.issues, value, specShape, sourceOf);
  const malformed = found.map(({ problem }) => problem.path);
  const rest = clusterSpecSchema.safeParse(readablePart(value, malformed));
  // An alias without its anchor was read as nothing: once is enough to say so.
  const places = new Set(problems.map(({ place }) => JSON.stringify(place)));
  const placed = found.map(({ problem }) => placeProblem(problem, locate));
  return {
    spec: rest.success ? rest.data : { name: 'lab' },
    locate,
    problems: [...problems, ...placed.filter(({ place }) => !places.has(JSON.stringify(place)))],
    unread: rest.success ? [...malformed, ...found.flatMap(({ meant }) => (meant ? [meant] : []))] : [[]],
  };
}

/**
 * Reads a spec that has to have the right shape.
 *
 * @throws UserError with all problems, in the order of the file
 */
export function loadSpec(bytes: Uint8Array, file: string): LoadedSpec {
  const { spec, locate, problems } = readSpec(bytes, file);
  const error = problemsError(problems);
  if (error) throw error;
  return { spec, locate };
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

function problemsError(problems: readonly Problem[]): UserError | undefined {
  const [first, ...more] = problems.toSorted((a, b) => orderOf(a.place) - orderOf(b.place));
  return first && new UserError(first, ...more);
}

const orderOf = (place: Place | undefined) => (place?.kind === 'file' ? place.line * 100_000 + place.column : 0);
