import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { fieldsWithoutPath, markOf, markOfServer, marksOf, type Mark } from '../marathon/json-marks.ts';
import { placesIn } from '../marathon/json-places.ts';
import { Refused } from '../marathon/refusal.ts';
import { words } from '../words.ts';
import { Dialog } from './dialog.tsx';
import { JsonEditor } from './json-editor.tsx';

interface JsonDialogProps {
  readonly title: string;
  readonly text: string;
  /** @throws Refused, Error */
  readonly send: (json: string, isForced: boolean) => Promise<void>;
  readonly onClose: () => void;
  /** Texts to begin with, by what they are called. */
  readonly examples?: Readonly<Record<string, string>>;
}

/** Asks for JSON. What is wrong with it is said where it stands: before it is sent, and what Marathon says of it. */
export function JsonDialog({ title, text: given, send, onClose, examples = {} }: JsonDialogProps) {
  const [text, setText] = useState(given);
  const [start, setStart] = useState(given);
  const [refused, setRefused] = useState<Refused>();
  const [goTo, setGoTo] = useState<Mark>();
  // What Marathon said of a field is still of that field when its line has moved.
  const marks = marksIn(text, refused);
  const act = async (isForced: boolean) => {
    const found = placesIn(text);
    if ('trouble' in found) {
      const mark = markOf(text, found.trouble, words.ofApps.expected);
      setRefused(undefined);
      setGoTo(mark);
      throw new SyntaxTrouble(mark);
    }
    setGoTo(undefined);
    try {
      await send(text, isForced);
    } catch (error) {
      if (error instanceof Refused) {
        setRefused(error);
        setGoTo(marksIn(text, error)[0]);
      }
      throw error;
    }
  };
  const shown = (error: unknown): readonly Mark[] => (error instanceof SyntaxTrouble ? [error.mark] : marks);
  return (
    <Dialog
      title={title}
      doing={words.send}
      act={act}
      onClose={onClose}
      isChanged={text !== start}
      explain={(error) => explain(error, shown(error), setGoTo)}
    >
      <Examples
        examples={examples}
        isChanged={text !== start}
        onChoose={(example) => {
          setText(example);
          setStart(example);
          setRefused(undefined);
        }}
      />
      <JsonEditor
        text={text}
        onInput={(typed) => {
          setText(typed);
          setGoTo(undefined);
        }}
        marks={goTo !== undefined && goTo.path === undefined ? [goTo] : marks}
        goTo={goTo}
      />
      <p class="quiet">{words.ofApps.keys}</p>
    </Dialog>
  );
}

class SyntaxTrouble extends Error {
  readonly mark: Mark;

  constructor(mark: Mark) {
    super(words.ofApps.atLine(mark.line, mark.column, words.notJson(mark.message)));
    this.mark = mark;
  }
}

function marksIn(text: string, refused: Refused | undefined): readonly Mark[] {
  const found = placesIn(text);
  if (refused === undefined || 'trouble' in found) return [];
  const ofText = markOfServer(text, refused);
  return ofText === undefined ? marksOf(text, found.places, refused.fields) : [ofText];
}

/** What was refused: of the whole first, then of each field, as a way to it. */
function explain(error: unknown, marks: readonly Mark[], onGo: (mark: Mark) => void): ComponentChildren {
  if (error instanceof SyntaxTrouble) return error.message;
  if (!(error instanceof Refused)) return undefined;
  const whole = fieldsWithoutPath(error.fields).map(({ message }) => message);
  if (marks.length === 0) return undefined;
  return (
    <>
      {[words.refused(error.status, error.said), ...whole].join('\n')}
      <ul class="problems">
        {marks.map((mark) => (
          <li key={`${mark.path ?? ''} ${mark.message}`}>
            <button
              type="button"
              class="link"
              onClick={() => {
                onGo({ ...mark });
              }}
            >
              {words.ofApps.line(mark.line)}
            </button>{' '}
            {mark.path === undefined ? mark.message : `${mark.path}: ${mark.message}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function Examples(props: {
  readonly examples: Readonly<Record<string, string>>;
  /** What was typed would be lost. */
  readonly isChanged: boolean;
  readonly onChoose: (text: string) => void;
}) {
  const all = Object.entries(props.examples);
  if (all.length === 0) return null;
  return (
    <div class="actions examples" role="group" aria-label={words.ofApps.examples}>
      <span class="quiet">{words.ofApps.examples}</span>
      {all.map(([name, text]) => (
        <button
          key={name}
          type="button"
          disabled={props.isChanged}
          onClick={() => {
            props.onChoose(text);
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
