import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import { problem } from '../rules/rule.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { showText } from '../shape/show-value.ts';
import type { LessonFiles } from './file-rules.ts';
import { checkId, namesIn, stepsIn, type PlacedStep } from './lesson.ts';
import { stepProblems } from './step-rules.ts';

/** Steps that do to parts of a lab, or to its agents, what nobody does to a cluster of other people. */
export const onOwnLabs: ReadonlySet<string> = new Set([
  ...['stop', 'kill', 'pause', 'partition', 'heal', 'start', 'drill'],
  ...['drain', 'reactivate', 'call', 'part'],
]);

/**
 * What is wrong with a lesson beyond its shape. Looks at what can be read of it, so that all problems come at once.
 * @param lesson as it is written
 */
export function lessonProblems(lesson: unknown, files: LessonFiles): readonly SpecProblem[] {
  const steps = stepsIn(lesson);
  const checks = listAt(lesson, 'checks');
  const withoutAnswers = valueAt(lesson, 'withoutAnswers') === true;
  const empty = Array.isArray(valueAt(lesson, 'checks')) && checks.length === 0;
  return [
    ...(empty
      ? [
          problem('LESSON_RULE', ['checks'], 'There is nothing to reach', {
            fix: 'Write one check at least; of a pure tour a question',
          }),
        ]
      : []),
    ...checks.flatMap((check, index) => checkProblems(check, ['checks', index], withoutAnswers)),
    ...sameTitles(checks),
    ...steps.flatMap((step) => stepProblems(step, files)),
    ...adoptedProblems(lesson, steps),
  ];
}

function checkProblems(check: unknown, path: SpecPath, withoutAnswers: boolean): readonly SpecProblem[] {
  const looks = listAt(check, 'look');
  if (looks.length === 0) {
    return Array.isArray(valueAt(check, 'look'))
      ? [problem('LESSON_RULE', [...path, 'look'], 'The check looks at nothing', { fix: 'Write one step at least' })]
      : [];
  }
  const isQuestion = looks.some((look) => namesIn(look)[0] === 'answer');
  if (isQuestion) {
    const alone =
      looks.length === 1
        ? []
        : [
            problem('LESSON_RULE', [...path, 'look'], 'A question is a check by itself', {
              fix: 'Give the other steps a check of their own',
            }),
          ];
    const solved =
      valueAt(check, 'solution') === undefined
        ? []
        : [
            problem('LESSON_RULE', [...path, 'solution'], 'The solution of a question is its answer', {
              at: 'key',
              fix: 'Remove it',
            }),
          ];
    return [...alone, ...solved];
  }
  const title = showText(textAt(check, 'title') ?? '');
  const lacks = (key: 'hints' | 'solution', fix: string) =>
    listAt(check, key).length > 0 || (valueAt(check, key) !== undefined && !Array.isArray(valueAt(check, key)))
      ? []
      : [problem('LESSON_RULE', [...path, key], `The check ${title} has no ${key}`, { fix })];
  return [
    ...lacks('hints', 'Add `hints:` with one sentence at least that says where to look'),
    ...(withoutAnswers ? [] : lacks('solution', 'Add `solution:` with the steps that make it pass')),
  ];
}

/** Progress is kept by titles. */
function sameTitles(checks: readonly unknown[]): readonly SpecProblem[] {
  const ids = checks.map((check) => checkId(textAt(check, 'title') ?? ''));
  return ids.flatMap((id, index) => {
    if (id === '' || ids.indexOf(id) === index) return [];
    const path = ['checks', index, 'title'];
    return [
      problem('LESSON_RULE', path, 'Two checks have the same title', {
        found: showText(textAt(checks[index], 'title') ?? ''),
        fix: 'Say what is different about this one',
      }),
    ];
  });
}

function adoptedProblems(lesson: unknown, steps: readonly PlacedStep[]): readonly SpecProblem[] {
  const runtimes = listAt(lesson, 'needs', 'runtimes');
  const index = runtimes.indexOf('adopted');
  const step = steps.flatMap((each) => namesIn(each.step)).find((name) => onOwnLabs.has(name));
  if (index < 0 || step === undefined) return [];
  return [
    problem('LESSON_RULE', ['needs', 'runtimes', index], 'This lesson is not for clusters of other people', {
      found: `a step ${step}`,
      fix: 'Remove adopted',
    }),
  ];
}
