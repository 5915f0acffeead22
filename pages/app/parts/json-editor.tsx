import { useEffect, useRef } from 'preact/hooks';
import type { Mark } from '../marathon/json-marks.ts';
import { words } from '../words.ts';
import './json-editor.css';

interface EditorProps {
  readonly text: string;
  readonly onInput: (text: string) => void;
  readonly marks: readonly Mark[];
  /** The caret goes there each time that this is another one. */
  readonly goTo: { readonly at: number } | undefined;
}

/** Text with numbered lines. What is wrong with a line stands behind it; the text is the browser's own text field. */
export function JsonEditor({ text, onInput, marks, goTo }: EditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(0, 0);
  }, []);
  useEffect(() => {
    if (goTo === undefined || field.current === null) return;
    field.current.focus();
    field.current.setSelectionRange(goTo.at, goTo.at);
    const line = text.slice(0, goTo.at).split('\n').length;
    box.current?.querySelector(`li:nth-child(${line})`)?.scrollIntoView({ block: 'center', inline: 'start' });
  }, [goTo]);
  const byLine = Map.groupBy(marks, ({ line }) => line);
  return (
    <div class="json-editor" ref={box}>
      {/* Beneath the field, of the same size: what makes both as large as the text is. */}
      <ol aria-hidden="true">
        {text.split('\n').map((line, index) => {
          const said = byLine.get(index + 1) ?? [];
          return (
            <li key={index} class={said.length > 0 ? 'wrong' : ''}>
              <span class="line">{line}</span>
              {said.length > 0 && <span class="said">{said.map(sayShort).join('; ')}</span>}
            </li>
          );
        })}
      </ol>
      <textarea
        ref={field}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        wrap="off"
        aria-label={words.json}
        aria-invalid={marks.length > 0}
        value={text}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
      />
    </div>
  );
}

/** The field is the line; where the line is only around it, its name is needed. */
const sayShort = ({ path, message, isAround }: Mark): string =>
  isAround && path !== undefined ? `${path}: ${message}` : message;
