import { useState } from 'preact/hooks';
import type { AppRow } from '../../picture/tables.ts';
import { change } from '../requests.ts';
import { words } from '../words.ts';
import { Dialog } from './dialog.tsx';
import { JsonDialog } from './json-dialog.tsx';

type Action = 'scale' | 'edit' | 'restart' | 'suspend' | 'destroy';

interface ActionsProps {
  readonly id: string;
  readonly row: AppRow;
  /** JSON of it. */
  readonly definition: string;
}

/** What may be done to an app; each of it is asked about first. */
export function AppActions({ id, row, definition }: ActionsProps) {
  const [chosen, setChosen] = useState<Action>();
  // A pod has no restart, and its number is in its definition.
  const actions: readonly Action[] = row.isPod
    ? ['edit', 'destroy']
    : ['scale', 'edit', 'restart', 'suspend', 'destroy'];
  const close = () => {
    setChosen(undefined);
  };
  return (
    <div class="actions">
      {actions.map((action) => (
        <button
          key={action}
          class={action === 'destroy' ? 'danger' : ''}
          onClick={() => {
            setChosen(action);
          }}
        >
          {words[action]}
        </button>
      ))}
      {chosen === 'scale' && <ScaleDialog id={id} instances={row.instances} onClose={close} />}
      {chosen === 'edit' && (
        <JsonDialog
          title={`${words.edit} ${id}`}
          text={definition}
          send={(json, isForced) => change('PUT', pathOf(id, row), json, isForced)}
          onClose={close}
        />
      )}
      {chosen === 'restart' && (
        <Dialog
          title={words.restart}
          doing={words.restart}
          act={(isForced) => change('POST', `${pathOf(id, row)}/restart`, '{}', isForced)}
          onClose={close}
        >
          <p>{words.sureRestart(id)}</p>
        </Dialog>
      )}
      {chosen === 'suspend' && (
        <Dialog title={words.suspend} doing={words.suspend} act={(isForced) => scale(id, 0, isForced)} onClose={close}>
          <p>{words.sureSuspend(id)}</p>
        </Dialog>
      )}
      {chosen === 'destroy' && (
        <Dialog
          title={words.destroy}
          doing={words.destroy}
          isDanger
          act={(isForced) => change('DELETE', pathOf(id, row), undefined, isForced)}
          onClose={close}
        >
          <p>{words.sureDestroy(id)}</p>
        </Dialog>
      )}
    </div>
  );
}

const pathOf = (id: string, { isPod }: AppRow) => `${isPod ? '/v2/pods' : '/v2/apps'}${id}`;

const scale = (id: string, instances: number, isForced: boolean) =>
  change('PUT', `/v2/apps${id}`, JSON.stringify({ instances }), isForced);

function ScaleDialog(props: { readonly id: string; readonly instances: number; readonly onClose: () => void }) {
  const [text, setText] = useState(String(props.instances));
  return (
    <Dialog
      title={`${words.scale} ${props.id}`}
      doing={words.scale}
      act={(isForced) => scale(props.id, Number(text), isForced)}
      onClose={props.onClose}
    >
      <label>
        {words.howMany}{' '}
        <input
          type="number"
          min={0}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
          }}
        />
      </label>
    </Dialog>
  );
}
