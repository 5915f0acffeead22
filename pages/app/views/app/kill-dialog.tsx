import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { change } from '../../requests.ts';
import { words } from '../../words.ts';

/** What tells instances from each other: the first part of the id that is by chance. */
export const shortId = (id: string): string => /[\da-f]{8}(?=-[\da-f]{4}-)/.exec(id)?.[0] ?? id;

/** Asks for an instance to be killed. */
export const KillButton = ({ id, onKill }: { readonly id: string; readonly onKill: (id: string) => void }) => (
  <button
    class="small"
    aria-label={words.ofApps.killIt(id)}
    onClick={() => {
      onKill(id);
    }}
  >
    {words.ofApps.kill}
  </button>
);

interface KillProps {
  /** Id of the instance. */
  readonly what: string;
  readonly path: string;
  /** The number of instances may go down with it. */
  readonly mayScale: boolean;
  readonly onClose: () => void;
}

/** Asks before an instance is killed. */
export function KillDialog({ what, path, mayScale, onClose }: KillProps) {
  const [scales, setScales] = useState(false);
  return (
    <Dialog
      title={words.ofApps.kill}
      doing={scales ? words.ofApps.killAndScale : words.ofApps.kill}
      isDanger
      act={(isForced) => change('DELETE', scales ? `${path}?scale=true` : path, undefined, isForced)}
      onClose={onClose}
    >
      <p>
        {words.ofApps.sureKill(what)} {!scales && words.ofApps.replaced}
      </p>
      {mayScale && (
        <label>
          <input
            type="checkbox"
            checked={scales}
            onChange={({ currentTarget }) => {
              setScales(currentTarget.checked);
            }}
          />{' '}
          {words.ofApps.killAndScaleMeans}
        </label>
      )}
    </Dialog>
  );
}
