import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words.ts';

interface DialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly doing: string;
  /** @throws Error in words for the reader */
  readonly act: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** A question before something is done; what is refused stays in it, with the reason. */
export function Dialog({ title, doing, act, onClose, children }: DialogProps) {
  const [trouble, setTrouble] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  const run = async () => {
    setIsBusy(true);
    try {
      await act();
      onClose();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  };
  return (
    <dialog ref={box} onClose={onClose} aria-label={title}>
      <h2>{title}</h2>
      {children}
      {trouble !== '' && (
        <p class="note bad" role="alert">
          {trouble}
        </p>
      )}
      <div class="actions">
        <button class="first" disabled={isBusy} onClick={() => void run()}>
          {doing}
        </button>
        <button onClick={onClose}>{words.cancel}</button>
      </div>
    </dialog>
  );
}
