import { stateOf } from '../../marathon/app-state.ts';
import { appStates } from '../../marathon/app-state.ts';
import { parentOf, type Sums, type TreeRow } from '../../marathon/groups.ts';
import { megabytes, tenths } from '../../parts/amounts.tsx';
import { StateChip } from '../../parts/chips.tsx';
import { List } from '../../parts/list.tsx';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';
import { HealthBar } from './health-bar.tsx';

interface TreeProps {
  readonly rows: readonly TreeRow[];
  /** Apps without their groups. */
  readonly isFlat: boolean;
  readonly onTurn: (group: string) => void;
  /** Said when there are no rows. */
  readonly empty: string;
}

/** Groups and apps as lines, of which only those in sight are made. */
export const AppTree = ({ rows, isFlat, onTurn, empty }: TreeProps) => (
  <List
    name={words.views.apps}
    rows={rows}
    keyOf={({ id }) => id}
    empty={empty}
    columns={[
      { title: words.name, show: (row) => <Name row={row} isFlat={isFlat} onTurn={onTurn} /> },
      {
        title: words.state,
        show: (row) => (row.kind === 'app' ? <StateChip state={stateOf(row.row)} /> : <States {...row.group.sums} />),
      },
      {
        title: words.instances,
        show: (row) => {
          const { running, instances } = countsOf(row);
          return <span class="number">{words.of(String(running), String(instances))}</span>;
        },
      },
      { title: words.health, show: (row) => <HealthBar {...countsOf(row)} /> },
      { title: words.cpus, show: (row) => <span class="number">{tenths(countsOf(row).cpus)}</span> },
      { title: words.memory, show: (row) => <span class="number">{megabytes(countsOf(row).mem)}</span> },
      { title: words.runs, show: (row) => <What row={row} /> },
    ]}
  />
);

/** Of an app as of a group: what all its instances take. */
function countsOf(row: TreeRow) {
  if (row.kind === 'group') return row.group.sums;
  const { cpus, mem, ...counts } = row.row;
  return { ...counts, cpus: cpus * counts.instances, mem: mem * counts.instances };
}

function Name({ row, isFlat, onTurn }: { readonly row: TreeRow } & Pick<TreeProps, 'isFlat' | 'onTurn'>) {
  const { id, depth } = row;
  const group = parentOf(id);
  const name = id.slice(group.length);
  return (
    <span class="tree" ref={(span) => span?.style.setProperty('padding-left', `${depth * 1.2}rem`)}>
      {row.kind === 'group' ? (
        <button
          class="turn"
          aria-expanded={row.isOpen}
          aria-label={words.ofApps.open(id)}
          onClick={() => {
            onTurn(id);
          }}
        >
          {row.isOpen ? '▾' : '▸'}
        </button>
      ) : (
        !isFlat && <span class="turn" />
      )}
      <a href={linkTo('apps', id)} title={id}>
        <span class={isFlat ? 'in' : 'in hidden'}>{group}</span>
        {name}
      </a>
      {row.kind === 'app' && row.row.isPod && <span class="quiet"> {words.ofApps.pod}</span>}
    </span>
  );
}

const What = ({ row }: { readonly row: TreeRow }) =>
  row.kind === 'group' ? (
    <span class="quiet">{words.apps(row.group.sums.apps)}</span>
  ) : (
    <span title={row.row.what}>{row.row.what.slice(0, 60)}</span>
  );

/** What is not as it should be in a group; else that it runs. */
function States({ states, apps }: Sums) {
  if (apps === 0) return <span class="quiet">{words.ofApps.emptyGroup}</span>;
  const shown = appStates.filter((state) => states.has(state) && state !== 'running' && state !== 'suspended');
  if (shown.length === 0) return <StateChip state={states.has('running') ? 'running' : 'suspended'} />;
  return (
    <>
      {shown.slice(0, 2).map((state) => (
        <span key={state} class={`chip ${state}`}>
          {states.get(state)} {words.ofApps.states[state]}
        </span>
      ))}
    </>
  );
}
