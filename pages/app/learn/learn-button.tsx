import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly isFree: boolean;
  readonly isFirst?: boolean;
  readonly label?: string;
  /** Missing: it sends the form that it is in. */
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

/** A button that keeps the focus while it does nothing: whoever pressed it by a key is still there when it may go on. */
export const LearnButton = ({ isFree, isFirst = false, label, onClick, children }: ButtonProps) => (
  <button
    type={onClick === undefined ? 'submit' : 'button'}
    class={isFirst ? 'first' : ''}
    aria-disabled={!isFree}
    aria-label={label}
    onClick={() => {
      if (isFree) onClick?.();
    }}
  >
    {children}
  </button>
);
