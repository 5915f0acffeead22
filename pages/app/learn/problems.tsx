import type { LearnProblem } from '../../../protocol/learn-json.ts';
import { words } from '../words.ts';
import type { Learner } from './use-learning.ts';

/** What keeps the lessons from going on, and how each of it is mended. */
export const Problems = ({ learner: { learning, trouble } }: { readonly learner: Learner }) => (
  // There may be many of them: by keys, too, all can be read.
  <div role="alert" tabIndex={(learning?.problems.length ?? 0) > 0 ? 0 : undefined}>
    {trouble !== '' && <p class="note bad">{trouble}</p>}
    {learning?.problems.map((problem) => (
      <p key={problem.message} class="note bad">
        {linesOf(problem).join('\n')}
      </p>
    ))}
  </div>
);

const linesOf = ({ message, found, allowed, fix }: LearnProblem): readonly string[] => [
  message,
  ...(found === undefined ? [] : [words.ofLessons.found(found)]),
  ...(allowed === undefined ? [] : [words.ofLessons.allowed(allowed)]),
  ...(fix === undefined ? [] : [words.ofLessons.fix(fix)]),
];
