import { useState } from 'preact/hooks';
import type { LessonReport } from '../../../protocol/learn-json.ts';
import { words } from '../words.ts';
import { LearnButton } from './learn-button.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import type { Learner } from './use-learning.ts';

interface ActionsProps {
  readonly lesson: LessonReport;
  readonly learner: Learner;
  readonly mayChange: boolean;
}

/** What can be done with a lesson now; an answer is given where the question stands. */
export function LessonActions({ lesson, learner: { learning, doing, act }, mayChange }: ActionsProps) {
  const [isResetting, setIsResetting] = useState(false);
  const next = lesson.checks.find(({ passed }) => !passed);
  const isFree = mayChange && doing === undefined;
  const isLast = learning?.lessons.at(-1)?.name === lesson.lesson;
  const left = next === undefined ? 0 : next.hintCount - next.hints;
  const button = (what: 'check' | 'solve' | 'next', isFirst = false) => (
    <LearnButton
      isFree={isFree}
      isFirst={isFirst}
      onClick={() => {
        act({ do: what });
      }}
    >
      {what === 'next' && isLast ? words.ofLessons.finish : words.ofLessons[what]}
    </LearnButton>
  );
  return (
    <>
      <div class="actions">
        {next !== undefined && next.question === undefined && button('check', true)}
        {next !== undefined && (
          <LearnButton
            isFree={isFree && left > 0}
            onClick={() => {
              act({ do: 'hint' });
            }}
          >
            {words.ofLessons.hint(left)}
          </LearnButton>
        )}
        {next !== undefined && button('solve')}
        {button('next', next === undefined)}
        <LearnButton
          isFree={isFree}
          onClick={() => {
            setIsResetting(true);
          }}
        >
          {words.ofLessons.reset}
        </LearnButton>
      </div>
      {!mayChange && <p class="quiet">{words.onlyShows}</p>}
      {isResetting && (
        <ResetDialog
          title={lesson.title}
          onReset={() => {
            act({ do: 'reset' });
          }}
          onClose={() => {
            setIsResetting(false);
          }}
        />
      )}
    </>
  );
}
