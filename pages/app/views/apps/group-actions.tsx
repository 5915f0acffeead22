import { useState } from 'preact/hooks';
import type { Known } from '../../connection.ts';
import type { Group } from '../../marathon/groups.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { JsonDialog } from '../../parts/json-dialog.tsx';
import { change } from '../../requests.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { words } from '../../words.ts';
import { create } from './create.ts';
import { examplesIn } from './examples.ts';

interface ActionsProps {
  readonly known: Known;
  /** With a slash at its end. */
  readonly id: string;
  readonly group: Group | undefined;
}

/** What may be done in a group, and to it. */
export function GroupActions({ known, id, group }: ActionsProps) {
  const [chosen, setChosen] = useState<'create' | 'scale' | 'destroy'>();
  const close = () => {
    setChosen(undefined);
  };
  if (!known.mayChange) return <p class="quiet">{words.onlyShows}</p>;
  const isWhole = id === '/' || group === undefined;
  const examples = examplesIn(id);
  return (
    <div class="actions">
      <button
        class="first"
        onClick={() => {
          setChosen('create');
        }}
      >
        {words.create}
      </button>
      {!isWhole && (
        <>
          <button
            disabled={group.sums.apps === 0}
            onClick={() => {
              setChosen('scale');
            }}
          >
            {words.ofApps.scaleBy}
          </button>
          <button
            class="danger"
            onClick={() => {
              setChosen('destroy');
            }}
          >
            {words.ofApps.destroyGroup}
          </button>
        </>
      )}
      {chosen === 'create' && (
        <JsonDialog
          title={words.create}
          text={Object.values(examples)[0] ?? ''}
          examples={examples}
          send={create}
          onClose={close}
        />
      )}
      {chosen === 'scale' && group !== undefined && <ScaleBy id={pathOf(id)} group={group} onClose={close} />}
      {chosen === 'destroy' && group !== undefined && (
        <Dialog
          title={`${words.destroy} ${pathOf(id)}`}
          doing={words.destroy}
          isDanger
          act={(isForced) => change('DELETE', `/v2/groups${pathOf(id)}`, undefined, isForced)}
          onClose={close}
        >
          <p>{words.ofApps.sureDestroyGroup(pathOf(id), group.sums.apps, group.sums.instances)}</p>
          <AppNames known={known} id={id} />
        </Dialog>
      )}
    </div>
  );
}

const pathOf = (id: string) => id.replace(/\/$/, '');

const mostNames = 10;

function AppNames({ known, id }: { readonly known: Known; readonly id: string }) {
  const ids = [...known.picture.apps.keys()].filter((each) => each.startsWith(id)).sort();
  return (
    <ul>
      {ids.slice(0, mostNames).map((each) => (
        <li key={each}>{each}</li>
      ))}
      {ids.length > mostNames && <li>{words.ofApps.more(ids.length - mostNames)}</li>}
    </ul>
  );
}

function ScaleBy(props: { readonly id: string; readonly group: Group; readonly onClose: () => void }) {
  const [text, setText] = useState('2');
  const factor = Number(text);
  const { instances } = props.group.sums;
  return (
    <Dialog
      title={`${words.scale} ${props.id}`}
      doing={words.scale}
      act={(isForced) => change('PUT', `/v2/groups${props.id}`, JSON.stringify({ scaleBy: factor }), isForced)}
      onClose={props.onClose}
    >
      <NumberField name={words.ofApps.factor} text={text} onText={setText} step="any" />
      <p>{words.ofApps.scaleByMeans(instances, Math.ceil(instances * factor))}</p>
    </Dialog>
  );
}
