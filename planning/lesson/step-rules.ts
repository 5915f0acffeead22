import { isJsonObject, listAt, textAt, valueAt } from '../../protocol/json.ts';
import { problem } from '../rules/rule.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { listWords, showText } from '../shape/show-value.ts';
import { actionShapes } from './action-shapes.ts';
import { deployProblems, fileProblems, idProblems, type LessonFiles } from './file-rules.ts';
import { newVersionProblems } from './new-version-rules.ts';
import { namesIn, type PlacedStep } from './lesson.ts';
import { lookShapes } from './look-shapes.ts';

/** What is wrong with a step beyond its shape. @param placed as it is written; what has not the right shape is passed over */
export function stepProblems({ path, step, list }: PlacedStep, files: LessonFiles): readonly SpecProblem[] {
  if (!isJsonObject(step)) return [];
  const names = namesIn(step);
  const [name, second] = names;
  if (name === undefined) {
    const unknown = Object.keys(step).filter((key) => key !== 'within');
    // That the key is unknown is said already.
    return unknown.length > 0
      ? []
      : [
          problem('LESSON_RULE', path, 'A step does nothing', {
            allowed: allowedIn(list),
            fix: 'Write what it does, or remove it',
          }),
        ];
  }
  if (second !== undefined) {
    return [
      problem('LESSON_RULE', [...path, second], `A step is one thing, and this one is ${listWords(names, 'and')}`, {
        at: 'key',
        found: names.join(', '),
        allowed: 'one thing behind each dash',
        fix: `Put ${second} behind a dash of its own`,
      }),
    ];
  }
  if (name === 'answer' && list !== 'look') {
    return [
      problem('LESSON_RULE', [...path, name], 'A question is asked by a check alone', {
        at: 'key',
        fix: 'Move it into `look` of a check of its own',
      }),
    ];
  }
  return valueProblems(name, step[name], [...path, name], files);
}

/** The steps that may stand in a list. */
const allowedIn = (list: PlacedStep['list']) =>
  listWords(list === 'look' ? Object.keys(lookShapes) : [...Object.keys(actionShapes), ...Object.keys(lookShapes)]);

function valueProblems(name: string, value: unknown, path: SpecPath, files: LessonFiles): readonly SpecProblem[] {
  const ids = idsIn(name, value).flatMap(([at, id]) => idProblems([...path, ...at], id));
  switch (name) {
    case 'deploy':
      return deployProblems(path, value, files);
    case 'new-version':
      return newVersionProblems(value, path, files);
    case 'run': {
      const file = textAt(value, 'file');
      return file === undefined ? [] : fileProblems([...path, 'file'], file, files);
    }
    case 'answer':
      return answerProblems(value, path);
    case 'request':
      return [...ids, ...oneOf(value, path, ['app', 'servicePort'])];
    case 'metric':
      return isJsonObject(value) && !['equals', 'atLeast', 'atMost', 'grownBy'].some((key) => key in value)
        ? [
            problem('LESSON_RULE', path, 'A metric is compared with nothing', {
              allowed: 'equals, atLeast, atMost or grownBy',
              fix: 'Add one, such as `atLeast: 1`',
            }),
          ]
        : [];
    default:
      return ids;
  }
}

/** Ids of apps that a step names, and where. */
function idsIn(name: string, value: unknown): readonly (readonly [SpecPath, string])[] {
  if (typeof value === 'string') {
    if (name === 'remove' || name === 'rollback') return [[[], value]];
    return agentOf([], value);
  }
  if (Array.isArray(value))
    return value.flatMap((each, index) => (typeof each === 'string' ? agentOf([index], each) : []));
  const key = name === 'app' ? 'id' : 'app';
  const id = textAt(value, key);
  const agents = ['name', 'agent'].flatMap((at) => agentOf([at], textAt(value, at) ?? ''));
  return [...(id === undefined ? [] : [[[key], id] as const]), ...agents];
}

const agentOf = (path: SpecPath, text: string): readonly (readonly [SpecPath, string])[] => {
  const id = /^agent-of\s+(.*)$/.exec(text)?.[1];
  return id === undefined ? [] : [[path, id]];
};

/** Exactly one of these keys. */
function oneOf(value: unknown, path: SpecPath, keys: readonly string[]): readonly SpecProblem[] {
  if (!isJsonObject(value)) return [];
  const there = keys.filter((key) => key in value);
  if (there.length === 1) return [];
  const words = listWords(keys);
  return [
    problem(
      'LESSON_RULE',
      path,
      there.length === 0 ? `${words} is missing` : `Of ${listWords(keys, 'and')} there can be one`,
      {
        found: there.length === 0 ? 'none of them' : there.join(', '),
        allowed: `one of ${words}`,
        fix: there.length === 0 ? `Add \`${keys[0] ?? ''}:\`` : 'Remove one of them',
      },
    ),
  ];
}

function answerProblems(value: unknown, path: SpecPath): readonly SpecProblem[] {
  const choices = listAt(value, 'choices').map(String);
  const right = textAt(value, 'right');
  const problems = [...oneOf(value, path, ['right', 'setting'])];
  if (valueAt(value, 'choices') !== undefined && new Set(choices).size < Math.max(2, choices.length)) {
    const fix = 'Write two that differ at least, or leave out `choices` to ask for a word';
    problems.push(
      problem('LESSON_RULE', [...path, 'choices'], 'There is nothing to choose', {
        found: `${choices.length} choices`,
        fix,
      }),
    );
  } else if (choices.length > 0 && right !== undefined && !isHidden(right) && !choices.includes(right)) {
    problems.push(
      problem('LESSON_RULE', [...path, 'right'], 'What is right is none of the choices', {
        found: showText(right),
        allowed: listWords(choices.map((choice) => showText(choice))),
        fix: 'Write it as one of the choices is written',
      }),
    );
  }
  return problems;
}

/** An answer in a student's copy of which only the fingerprint is left. */
export const isHidden = (right: string): boolean => /^sha256:[0-9a-f]{64}$/.test(right);
