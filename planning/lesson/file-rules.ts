import { isJsonObject, listAt, textAt } from '../../protocol/json.ts';
import { absoluteId } from '../../protocol/marathon/app-id.ts';
import { problem } from '../rules/rule.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { showText } from '../shape/show-value.ts';

/** What is in the folder of a lesson; undefined: there is no such file. Paths have forward slashes. */
export type LessonFiles = (path: string) => string | undefined;

/** The group in which lessons have their apps. */
export const lessonGroup = '/learn';
/** What the names of their jobs begin with. */
export const lessonJobPrefix = 'learn-';

const isInGroup = (id: string): boolean => id === lessonGroup || id.startsWith(`${lessonGroup}/`);

/** Problems of an id that a step names. */
export function idProblems(path: SpecPath, id: string): readonly SpecProblem[] {
  if (isInGroup(id) && /^(\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?)+$/.test(id)) return [];
  const name = id.replace(/^\/+/, '').toLowerCase();
  return [
    problem('LESSON_RULE', path, `A lesson keeps to apps in ${lessonGroup}, which a reset removes`, {
      found: showText(id),
      allowed: `ids like ${lessonGroup}/web: a-z, 0-9, hyphens and full stops`,
      fix: `Write ${lessonGroup}/${name === '' ? 'web' : name}`,
    }),
  ];
}

/** Problems of a file that a step names: it is there, and inside the folder. */
export function fileProblems(path: SpecPath, name: string, files: LessonFiles): readonly SpecProblem[] {
  if (!staysInside(name)) {
    return [
      problem('LESSON_RULE', path, 'A lesson has its files in its own folder', {
        found: showText(name),
        allowed: 'a path in the folder of the lesson, with forward slashes',
        fix: 'Copy the file into the folder: into files/ if learners are to have it, else into solution/',
      }),
    ];
  }
  if (files(name) !== undefined) return [];
  return [
    problem('LESSON_FILE', path, `There is no file ${name} in the folder of the lesson`, {
      found: showText(name),
      fix: 'Write it, or correct the name',
    }),
  ];
}

const staysInside = (path: string) =>
  !/[\\\0]|^[A-Za-z]:/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** Problems of what is deployed, by the name of its file or written out. */
export function deployProblems(path: SpecPath, value: unknown, files: LessonFiles): readonly SpecProblem[] {
  if (typeof value !== 'string') return isJsonObject(value) ? definitionProblems(path, value, '/') : [];
  const missing = fileProblems(path, value, files);
  if (missing.length > 0) return missing;
  try {
    const definition = JSON.parse(files(value) ?? '') as unknown;
    if (isJsonObject(definition)) return definitionProblems(path, definition, '/').map((each) => inFile(each, value));
    const found = Array.isArray(definition) ? 'a list' : typeof definition;
    return [
      problem('LESSON_RULE', path, `${value} is no app, pod, group or job`, {
        found,
        fix: 'Write one definition, in { }',
      }),
    ];
  } catch (error) {
    const found = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    return [problem('LESSON_SYNTAX', path, `${value} is not JSON`, { found, fix: 'Correct it' })];
  }
}

const inFile = (problem: SpecProblem, file: string): SpecProblem => ({
  ...problem,
  message: `${file}: ${problem.message}`,
});

/** A group may name its apps relative to itself. */
function definitionProblems(path: SpecPath, definition: unknown, base: string): readonly SpecProblem[] {
  if (isJsonObject(definition) && ('schedule' in definition || 'parents' in definition)) {
    const name = textAt(definition, 'name') ?? '';
    if (name.startsWith(lessonJobPrefix)) return [];
    return [
      problem('LESSON_RULE', path, `A lesson keeps to jobs that begin with ${lessonJobPrefix}, which a reset removes`, {
        found: name === '' ? 'a job without a name' : showText(name),
        fix: `Name it ${lessonJobPrefix}${name === '' ? 'backup' : name}`,
      }),
    ];
  }
  const own = textAt(definition, 'id');
  if (own === undefined)
    return [
      problem('LESSON_RULE', path, 'An app has no id', { fix: `Give it one, such as "id": "${lessonGroup}/web"` }),
    ];
  const id = own.startsWith('/') ? absoluteId(own) : absoluteId(`${base}/${own}`);
  const inside = [...listAt(definition, 'apps'), ...listAt(definition, 'groups')];
  return [...idProblems(path, id), ...inside.flatMap((each) => definitionProblems(path, each, id))];
}
