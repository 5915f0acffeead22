import { isMap } from 'yaml';
import { isUserError, type Problem } from '../../errors/user-error.ts';
import { placeProblem } from '../shape/spec-problem.ts';
import { shapeProblems } from '../shape/shape-problems.ts';
import { showValue } from '../shape/show-value.ts';
import { decodeSpecText } from '../spec-text/decode-text.ts';
import { placesInYaml } from '../spec-text/locate.ts';
import { parseYaml } from '../spec-text/parse-yaml.ts';
import { lessonKind } from '../spec-text/yaml-kind.ts';
import { yamlValue } from '../spec-text/yaml-value.ts';
import { lessonProblems } from './lesson-rules.ts';
import type { LessonFiles } from './file-rules.ts';
import { lessonSchema, lessonShape, type LessonText } from './lesson-shape.ts';

/** A lesson.yaml: what it says, or all that is wrong with it, in the order of the file. */
export type ReadLesson =
  | { readonly kind: 'lesson'; readonly lesson: LessonText }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/**
 * Reads and checks lesson.yaml, with the files that its steps name.
 * @param file what messages call it
 * @param files those of the lesson's folder
 */
export function readLesson(bytes: Uint8Array, file: string, files: LessonFiles): ReadLesson {
  try {
    return read(bytes, file, files);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { kind: 'problems', problems: error.problems };
  }
}

function read(bytes: Uint8Array, file: string, files: LessonFiles): ReadLesson {
  const { document, lines } = parseYaml(decodeSpecText(bytes, file, lessonKind), file, lessonKind);
  const root = document.contents;
  const { value, targets, problems } = yamlValue(root, lines, file, lessonKind);
  const { locate, sourceOf } = placesInYaml(root, targets, lines, file);
  if (!isMap(root)) return { kind: 'problems', problems: [...problems, notAMap(value, file)] };
  const result = lessonSchema.safeParse(value);
  const shape = result.success ? [] : shapeProblems(result.error.issues, value, lessonShape, sourceOf);
  const found = [...shape.map(({ problem }) => problem), ...lessonProblems(value, files)];
  const all = [...problems, ...found.map((problem) => placeProblem(problem, locate))];
  if (result.success && all.length === 0) return { kind: 'lesson', lesson: result.data };
  return { kind: 'problems', problems: all.toSorted((one, other) => lineOf(one) - lineOf(other)) };
}

const lineOf = ({ place }: Problem) => (place?.kind === 'file' ? place.line * 100_000 + place.column : 0);

const notAMap = (value: unknown, file: string): Problem => ({
  code: 'LESSON_TYPE',
  message: 'The lesson is not a map of keys to values',
  place: { kind: 'file', file, line: 1, column: 1 },
  found: showValue(value),
  allowed: 'lines of `key: value`: title, minutes, checks',
  fix: 'docs/lessons.md has one to begin with',
});
