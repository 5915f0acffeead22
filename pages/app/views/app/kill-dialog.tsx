import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { change } from '../../requests.ts';
import { words } from '../../words.ts';

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
