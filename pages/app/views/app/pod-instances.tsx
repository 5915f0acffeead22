import { useState } from 'preact/hooks';
import { listAt, textAt, valueAt } from '../../../../protocol/json.ts';
import type { Known } from '../../connection.ts';
import { StateChip } from '../../parts/chips.tsx';
import { List } from '../../parts/list.tsx';
import { When } from '../../parts/when.tsx';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';
import { HostPorts } from './host-ports.tsx';
import { KillButton, KillDialog, shortId } from './kill-dialog.tsx';

interface PodProps {
  readonly known: Known;
  readonly id: string;
  /** `GET /v2/pods/ID::status` */
  readonly said: unknown;
}

/** An instance, or one of its containers, below it. */
type Row =
  | { readonly kind: 'instance'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'container'; readonly id: string; readonly value: unknown; readonly host: string };

/** The instances of a pod, each with its containers. */
export function PodInstances({ known, id, said }: PodProps) {
  const [killed, setKilled] = useState('');
  if (said === undefined) return <p class="quiet">{words.ofApps.asking}</p>;
  const rows = listAt(said, 'instances').flatMap(rowsOf);
  return (
    <>
      <List
        name={words.instances}
        rows={rows}
        keyOf={({ kind, id: each }) => `${kind} ${each}`}
        empty={words.ofApps.noInstances}
        columns={[
          { title: words.ofApps.instance, show: (row) => <Name row={row} /> },
          { title: words.state, show: ({ value }) => <StateChip state={textAt(value, 'status') ?? ''} /> },
          { title: words.ofApps.address, show: (row) => <Address row={row} /> },
          { title: words.since, show: ({ value }) => <When at={textAt(value, 'statusSince')} /> },
          { title: words.why, show: ({ value }) => <Why value={value} /> },
          ...(known.mayChange
            ? [
                {
                  title: words.ofApps.doing,
                  show: ({ kind, id: each }: Row) => kind === 'instance' && <KillButton id={each} onKill={setKilled} />,
                },
              ]
            : []),
        ]}
      />
      {killed !== '' && (
        <KillDialog
          what={killed}
          path={`/v2/pods${id}::instances/${encodeURIComponent(killed)}`}
          mayScale={false}
          onClose={() => {
            setKilled('');
          }}
        />
      )}
    </>
  );
}

function rowsOf(instance: unknown): readonly Row[] {
  const host = textAt(instance, 'agentHostname') ?? '';
  return [
    { kind: 'instance', id: textAt(instance, 'id') ?? '', value: instance },
    ...listAt(instance, 'containers').map((value) => {
      const id = textAt(value, 'containerId') ?? `${textAt(instance, 'id') ?? ''} ${textAt(value, 'name') ?? ''}`;
      return { kind: 'container', id, value, host } as const;
    }),
  ];
}

function Name({ row }: { readonly row: Row }) {
  if (row.kind === 'instance') return <strong title={row.id}>{shortId(row.id)}</strong>;
  return (
    <a class="container" href={linkTo('tasks', row.id)} title={row.id}>
      {textAt(row.value, 'name')}
    </a>
  );
}

function Address({ row }: { readonly row: Row }) {
  if (row.kind === 'instance') return <>{textAt(row.value, 'agentHostname')}</>;
  const ports = listAt(row.value, 'endpoints').map((each) => valueAt(each, 'allocatedHostPort'));
  return ports.length === 0 ? <span /> : <HostPorts host={row.host} ports={ports} />;
}

function Why({ value }: { readonly value: unknown }) {
  const why = textAt(value, 'message') ?? textAt(value, 'termination', 'message') ?? '';
  return <span title={why}>{why.slice(0, 80)}</span>;
}
