import { textAt, valueAt } from '../../protocol/json.ts';
import { sharePattern } from '../catalogue/strategy-names.ts';
import { problem } from '../rules/rule.ts';
import { showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { deployProblems, type LessonFiles } from './file-rules.ts';

/** Problems of `new-version`: its file is an app, and what is of a canary stands at one. */
export function newVersionProblems(value: unknown, path: SpecPath, files: LessonFiles): readonly SpecProblem[] {
  const [file, strategy, share] = [textAt(value, 'file'), textAt(value, 'strategy'), textAt(value, 'share')];
  const ofCanary = ['share', 'watchFor'].filter((key) => valueAt(value, key) !== undefined);
  return [
    ...(file === undefined ? [] : deployProblems([...path, 'file'], file, files)),
    ...(share === undefined || sharePattern.test(share)
      ? []
      : [
          problem('LESSON_RULE', [...path, 'share'], 'A share is a number of instances, or a part of them', {
            found: showText(share),
            allowed: '1 and more, or 1% and more',
            fix: "Write '1', or '25%'",
          }),
        ]),
    ...(strategy === undefined || strategy === 'canary'
      ? []
      : ofCanary.map((key) =>
          problem('LESSON_RULE', [...path, key], `${key} is of a canary`, {
            at: 'key',
            found: `strategy: ${strategy}`,
            fix: `Write strategy: canary, or remove ${key}`,
          }),
        )),
  ];
}
