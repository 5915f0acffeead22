import './learn.css';
import { useState } from 'preact/hooks';
import type { LessonRow } from '../../../protocol/learn-json.ts';
import type { Known } from '../connection.ts';
import { words } from '../words.ts';
import { DoingNow } from './doing-now.tsx';
import { LearnButton } from './learn-button.tsx';
import { Problems } from './problems.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import type { Learner } from './use-learning.ts';

interface LessonsProps {
  readonly known: Known;
  readonly learner: Learner;
  /** The lesson stands beside this. */
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

/** The lessons of the lab, and how far one is in each. */
export function Lessons({ known, learner, isOpen, onOpen }: LessonsProps) {
  const { learning, doing } = learner;
  const lessons = learning?.lessons ?? [];
  const done = lessons.filter(({ reached }) => reached.startsWith('done')).length;
  return (
    <>
      <h2>{words.views.learn}</h2>
      <p class="quiet">{words.ofLessons.about}</p>
      {!isOpen && (
        <>
          <DoingNow
            doing={doing}
            ahead={known.ahead}
            otherwise={learning === undefined ? words.ofLessons.reading : words.ofLessons.counted(done, lessons.length)}
          />
          <Problems learner={learner} />
        </>
      )}
      {!known.mayChange && <p class="quiet">{words.onlyShows}</p>}
      <ol class="lessons">
        {lessons.map((row) => (
          <Lesson
            key={row.name}
            row={row}
            isCurrent={row.name === learning?.current}
            isFree={known.mayChange && doing === undefined}
            onOpen={onOpen}
            onStart={() => {
              onOpen();
              learner.act({ do: 'start', lesson: row.name });
            }}
          />
        ))}
      </ol>
    </>
  );
}

interface LessonProps {
  readonly row: LessonRow;
  readonly isCurrent: boolean;
  readonly isFree: boolean;
  readonly onOpen: () => void;
  readonly onStart: () => void;
}

function Lesson({ row, isCurrent, isFree, onOpen, onStart }: LessonProps) {
  const { name, title, minutes, summary, reached } = row;
  const [isAsked, setIsAsked] = useState(false);
  const { again, againIt, open, openIt, start, startIt } = words.ofLessons;
  const isNew = reached === '';
  return (
    <li class="panel" aria-current={isCurrent ? 'true' : undefined}>
      <div>
        <h3>{words.ofLessons.numbered(name, title)}</h3>
        <p class="quiet">
          {words.ofLessons.minutes(minutes)}
          {!isNew && (
            <>
              {' '}
              <span class={`chip ${reached.startsWith('done') ? 'running' : 'waiting'}`}>
                {words.ofLessons.reached(reached)}
              </span>
            </>
          )}
        </p>
        {summary !== '' && <p>{summary}</p>}
      </div>
      <div class="actions">
        {isCurrent && (
          <LearnButton isFree isFirst label={openIt(title)} onClick={onOpen}>
            {open}
          </LearnButton>
        )}
        <LearnButton
          isFree={isFree}
          label={isNew ? startIt(title) : againIt(title)}
          onClick={() => {
            if (isNew) onStart();
            else setIsAsked(true);
          }}
        >
          {isNew ? start : again}
        </LearnButton>
      </div>
      {isAsked && (
        <ResetDialog
          title={title}
          onReset={onStart}
          onClose={() => {
            setIsAsked(false);
          }}
        />
      )}
    </li>
  );
}
