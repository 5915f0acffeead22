import './learn.css';
import { useEffect, useRef } from 'preact/hooks';
import type { LessonReport } from '../../../protocol/learn-json.ts';
import type { Known } from '../connection.ts';
import { words } from '../words.ts';
import { Checks } from './checks.tsx';
import { DoingNow } from './doing-now.tsx';
import { LessonActions } from './lesson-actions.tsx';
import { Problems } from './problems.tsx';
import { RichText } from './rich-text.tsx';
import type { Learner } from './use-learning.ts';

interface PanelProps {
  readonly known: Known;
  readonly learner: Learner;
  readonly onClose: () => void;
}

/** The lesson that was started last, beside whatever view of the cluster is looked at. */
export function LessonPanel({ known, learner, onClose }: PanelProps) {
  const { learning, doing, acts, act } = learner;
  const lesson = learning?.lesson;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Another lesson has begun by what was done here: whoever reads goes on at its beginning.
    if (acts > 0) heading.current?.focus();
  }, [lesson?.lesson]);
  const checks = useRef<HTMLElement>(null);
  useEffect(() => {
    // What came of it is where the check stands.
    if (acts > 0 && doing === undefined) checks.current?.querySelector('.next')?.scrollIntoView({ block: 'nearest' });
  }, [acts, doing === undefined]);
  const otherwise =
    lesson === undefined ? (learning === undefined ? words.ofLessons.reading : '') : reachedText(lesson);
  return (
    <aside class="lesson" aria-label={words.ofLessons.panel}>
      <div class="lesson-head">
        <h2 ref={heading} tabIndex={-1}>
          {lesson === undefined ? words.views.learn : words.ofLessons.numbered(lesson.lesson, lesson.title)}
        </h2>
        <button class="small" aria-label={words.ofLessons.close} onClick={onClose}>
          {words.close}
        </button>
      </div>
      <div class="lesson-text">{lesson?.text !== undefined && <RichText blocks={lesson.text} />}</div>
      {lesson !== undefined && (
        <section ref={checks} aria-label={words.ofLessons.checks}>
          <h3>{words.ofLessons.checks}</h3>
          <Checks
            checks={lesson.checks}
            isFree={known.mayChange && doing === undefined}
            onAnswer={(answer) => {
              act({ do: 'answer', answer });
            }}
          />
        </section>
      )}
      <div class="lesson-foot">
        <DoingNow doing={doing} ahead={known.ahead} otherwise={otherwise} />
        <Problems learner={learner} />
        {lesson !== undefined && <LessonActions lesson={lesson} learner={learner} mayChange={known.mayChange} />}
      </div>
    </aside>
  );
}

function reachedText({ checks }: LessonReport): string {
  const done = checks.filter(({ passed }) => passed).length;
  return done === checks.length ? words.ofLessons.allReached : words.ofLessons.so(done, checks.length);
}
