import { useState } from 'preact/hooks';
import type { CheckReport } from '../../../protocol/learn-json.ts';
import { words } from '../words.ts';
import { LearnButton } from './learn-button.tsx';
import { RichText } from './rich-text.tsx';

interface ChecksProps {
  readonly checks: readonly CheckReport[];
  /** The reader may do something now. */
  readonly isFree: boolean;
  readonly onAnswer: (answer: string) => void;
}

/** What of a lesson is reached, what comes next and what of it is missing, and what is behind that. */
export function Checks({ checks, isFree, onAnswer }: ChecksProps) {
  const next = checks.find(({ passed }) => !passed);
  return (
    <ol class="checks">
      {checks.map((check) => {
        const state = check.passed ? 'passed' : check === next ? 'next' : 'later';
        return (
          <li key={check.id} class={state}>
            <span class="mark" role="img" aria-label={words.ofLessons.marks[state]} />
            <div>
              {check.title}
              {state === 'next' && <Next check={check} isFree={isFree} onAnswer={onAnswer} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Next({ check, isFree, onAnswer }: Omit<ChecksProps, 'checks'> & { readonly check: CheckReport }) {
  const { id, question, answer, seen, hintTexts = [] } = check;
  const isOpen = question !== undefined && answer === undefined;
  return (
    <>
      <div role="status">{seen !== undefined && !isOpen && <p class="seen">{seen}</p>}</div>
      {question !== undefined && (
        <Question key={id} check={check} question={question} isFree={isFree} onAnswer={onAnswer} />
      )}
      {hintTexts.length > 0 && (
        <section class="hints" aria-label={words.ofLessons.hints}>
          {hintTexts.map((blocks, index) => (
            <RichText key={index} blocks={blocks} />
          ))}
        </section>
      )}
    </>
  );
}

interface QuestionProps extends Omit<ChecksProps, 'checks'> {
  readonly check: CheckReport;
  readonly question: string;
}

function Question({ check: { choices = [], answer = '' }, question, isFree, onAnswer }: QuestionProps) {
  const [given, setGiven] = useState(answer);
  const take = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
    setGiven(currentTarget.value);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isFree && given.trim() !== '') onAnswer(given);
      }}
    >
      <fieldset>
        <legend>{question}</legend>
        {choices.map((choice) => (
          <label key={choice}>
            <input type="radio" name="answer" value={choice} checked={given === choice} onChange={take} /> {choice}
          </label>
        ))}
        {choices.length === 0 && (
          <input aria-label={words.ofLessons.yourAnswer} autocomplete="off" value={given} onInput={take} />
        )}
      </fieldset>
      <LearnButton isFirst isFree={isFree && given.trim() !== ''}>
        {words.ofLessons.answer}
      </LearnButton>
    </form>
  );
}
