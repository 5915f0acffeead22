import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused } from '../marathon/refusal.ts';
import { words } from '../words.ts';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly doing: string;
  /** What is done destroys something. */
  readonly isDanger?: boolean;
  /**
   * @param isForced go over deployments that are in the way
   * @throws Error in words for the reader
   */
  readonly act: (isForced: boolean) => Promise<void>;
  readonly onClose: () => void;
  /** Something was typed that is lost when this is closed. */
  readonly isChanged?: boolean;
  /** What is shown of why it was refused, instead of the words of the error. */
  readonly explain?: ((error: unknown) => ComponentChildren) | undefined;
  readonly children?: ComponentChildren;
}

/** A question before something is done; what is refused stays in it, with the reason. */
export function Dialog(props: DialogProps) {
  const { title, doing, isDanger = false, act, onClose, isChanged = false, children } = props;
  const [trouble, setTrouble] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  const run = async (isForced: boolean) => {
    if (isBusy) return;
    setIsBusy(true);
    setIsLeaving(false);
    try {
      await act(isForced);
      onClose();
    } catch (error) {
      setTrouble(error);
      setIsBusy(false);
    }
  };
  const leave = () => {
    if (isChanged) setIsLeaving(true);
    else onClose();
  };
  return (
    <dialog
      ref={box}
      aria-label={title}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run(false);
        // Chromium lets a second Escape close it, whatever was said to the first one.
        if (event.key !== 'Escape') return;
        event.preventDefault();
        leave();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(false);
        }}
      >
        <h2>{title}</h2>
        {children}
        {trouble !== undefined && (
          <div class="note bad" role="alert">
            {props.explain?.(trouble) ?? textOf(trouble)}
          </div>
        )}
        {isLocked(trouble) && <Force isBusy={isBusy} onForce={() => void run(true)} />}
        {isLeaving ? (
          <Leaving
            onClose={onClose}
            onStay={() => {
              setIsLeaving(false);
            }}
          />
        ) : (
          <div class="actions">
            <button class={isDanger ? 'first danger' : 'first'} disabled={isBusy}>
              {doing}
            </button>
            <button type="button" onClick={leave}>
              {words.cancel}
            </button>
          </div>
        )}
      </form>
    </dialog>
  );
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isLocked = (trouble: unknown): boolean => trouble instanceof Refused && trouble.lockedBy.length > 0;

const Force = ({ isBusy, onForce }: { readonly isBusy: boolean; readonly onForce: () => void }) => (
  <div class="note">
    <p>{words.ofApps.forceMeans}</p>
    <button type="button" class="danger" disabled={isBusy} onClick={onForce}>
      {words.ofApps.force}
    </button>
  </div>
);

function Leaving({ onClose, onStay }: { readonly onClose: () => void; readonly onStay: () => void }) {
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    stay.current?.focus();
  }, []);
  return (
    <div class="note" role="alert">
      <p>{words.ofApps.discard}</p>
      <div class="actions">
        <button type="button" ref={stay} onClick={onStay}>
          {words.ofApps.goOn}
        </button>
        <button type="button" class="danger" onClick={onClose}>
          {words.ofApps.discardIt}
        </button>
      </div>
    </div>
  );
}
