import { useState } from 'preact/hooks';
import type { AppRow } from '../../../picture/tables.ts';
import { jsonOf, type Definition } from '../../marathon/definition.ts';
import { change } from '../../requests.ts';
import { pathOf } from './use-app.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { words } from '../../words.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { JsonDialog } from '../../parts/json-dialog.tsx';

type Action = 'scale' | 'edit' | 'restart' | 'suspend' | 'destroy';

interface ActionsProps {
  readonly id: string;
  readonly row: AppRow;
  readonly definition: Definition;
}

/** What may be done to an app or a pod; each of it is asked about first. */
export function AppActions({ id, row, definition }: ActionsProps) {
  const [chosen, setChosen] = useState<Action>();
  // Marathon has no restart of a pod.
  const actions: readonly Action[] = row.isPod
    ? ['scale', 'edit', 'suspend', 'destroy']
    : ['scale', 'edit', 'restart', 'suspend', 'destroy'];
  const close = () => {
    setChosen(undefined);
  };
  const path = pathOf(id, row);
  const scale = (instances: number, isForced: boolean) =>
    change('PUT', path, scaled(row, definition, instances), isForced);
  return (
    <div class="actions">
      {actions.map((action) => (
        <button
          key={action}
          class={action === 'destroy' ? 'danger' : ''}
          disabled={action === 'suspend' && row.isSuspended}
          onClick={() => {
            setChosen(action);
          }}
        >
          {words[action]}
        </button>
      ))}
      {chosen === 'scale' && <ScaleDialog id={id} instances={row.instances} scale={scale} onClose={close} />}
      {chosen === 'edit' && (
        <JsonDialog
          title={`${words.edit} ${id}`}
          text={jsonOf(definition)}
          send={(json, isForced) => change('PUT', path, json, isForced)}
          onClose={close}
        />
      )}
      {chosen === 'restart' && (
        <Dialog
          title={words.restart}
          doing={words.restart}
          act={(isForced) => change('POST', `${path}/restart`, '{}', isForced)}
          onClose={close}
        >
          <p>{words.sureRestart(id)}</p>
        </Dialog>
      )}
      {chosen === 'suspend' && (
        <Dialog title={words.suspend} doing={words.suspend} act={(isForced) => scale(0, isForced)} onClose={close}>
          <p>{words.sureSuspend(id)}</p>
        </Dialog>
      )}
      {chosen === 'destroy' && (
        <Dialog
          title={words.destroy}
          doing={words.destroy}
          isDanger
          act={(isForced) => change('DELETE', path, undefined, isForced)}
          onClose={close}
        >
          <p>{words.sureDestroy(id)}</p>
        </Dialog>
      )}
    </div>
  );
}

/** The number of a pod is in its definition, of which all is sent (PodsResource.scala). */
const scaled = ({ isPod }: AppRow, definition: Definition, instances: number): string =>
  JSON.stringify(isPod ? { ...definition, scaling: { kind: 'fixed', instances } } : { instances });

interface ScaleProps {
  readonly id: string;
  readonly instances: number;
  readonly scale: (instances: number, isForced: boolean) => Promise<void>;
  readonly onClose: () => void;
}

function ScaleDialog({ id, instances, scale, onClose }: ScaleProps) {
  const [text, setText] = useState(String(instances));
  return (
    <Dialog
      title={`${words.scale} ${id}`}
      doing={words.scale}
      act={(isForced) => scale(Number(text), isForced)}
      onClose={onClose}
    >
      <NumberField name={words.howMany} text={text} onText={setText} />
    </Dialog>
  );
}
