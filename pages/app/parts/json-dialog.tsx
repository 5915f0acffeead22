import { useState } from 'preact/hooks';
import { words } from '../words.ts';
import { Dialog } from './dialog.tsx';

/** Asks for JSON; what is none is said before anything is sent. */
export function JsonDialog(props: {
  readonly title: string;
  readonly text: string;
  readonly send: (json: string) => Promise<void>;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(props.text);
  const act = async () => {
    try {
      JSON.parse(text);
    } catch (error) {
      throw new Error(words.notJson(error instanceof Error ? error.message : ''));
    }
    await props.send(text);
  };
  return (
    <Dialog title={props.title} doing={words.send} act={act} onClose={props.onClose}>
      <textarea
        rows={20}
        spellcheck={false}
        aria-label={words.json}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
        }}
      />
    </Dialog>
  );
}
