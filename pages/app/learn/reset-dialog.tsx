import { Dialog } from '../parts/dialog.tsx';
import { words } from '../words.ts';

interface ResetProps {
  readonly title: string;
  readonly onReset: () => void;
  readonly onClose: () => void;
}

/** Asks before what somebody has made is taken away. */
export const ResetDialog = ({ title, onReset, onClose }: ResetProps) => (
  <Dialog
    title={words.ofLessons.reset}
    doing={words.ofLessons.reset}
    isDanger
    // How far it is, is said beside the lesson.
    act={() => {
      onReset();
      return Promise.resolve();
    }}
    onClose={onClose}
  >
    <p>{words.ofLessons.sureReset(title)}</p>
  </Dialog>
);
