import { useMemo } from 'preact/hooks';
import type { TaskRow } from '../../picture/tables.ts';
import { hasEnded, taskStates } from '../../picture/task-states.ts';
import type { Known } from '../connection.ts';
import { useAsked } from '../mesos/use-asked.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';
import { megabytes } from './amounts.tsx';
import { StateChip } from './chips.tsx';
import { List } from './list.tsx';
import { When } from './when.tsx';

type Of = { readonly agent?: string; readonly framework?: string };
type Row = readonly [string, TaskRow];

const everyMs = 2000;
/**
 * Tasks, of an agent or a framework if it says so: those that run, then those that have ended. As they are
 * told, or asked for where they are too many.
 */
export function TaskList({ known, of }: { readonly known: Known; readonly of: Of }) {
  const { picture, taskCount } = known;
  const isTold = picture.tasks.size > 0 || taskCount === 0;
  const isPart = of.agent !== undefined || of.framework !== undefined;
  const query = new URLSearchParams(of).toString();
  const { answer } = useAsked<Readonly<Record<string, TaskRow>>>(
    isTold || !isPart ? undefined : `/page/tasks?${query}`,
    everyMs,
  );
  const all = isTold ? picture.tasks : answer;
  const rows = useMemo(() => rowsOf(all, of), [all, query]);
  if (!isTold && !isPart) return <p class="quiet">{words.tooManyTasks(taskCount)}</p>;
  const alive = rows.filter(([, task]) => !hasEnded(task));
  const over = rows.filter(([, task]) => hasEnded(task));
  return (
    <>
      <p class="quiet">{words.countsOf(countsOf(rows))}</p>
      <Table of={of} name={words.activeTasks} rows={alive} known={known} empty={words.noActiveTasks} />
      {over.length > 0 && (
        <>
          <h3>{words.completedTasks}</h3>
          <Table of={of} name={words.completedTasks} rows={over} known={known} empty="" />
        </>
      )}
    </>
  );
}

function rowsOf(all: ReadonlyMap<string, TaskRow> | Readonly<Record<string, TaskRow>> = {}, of: Of): readonly Row[] {
  const rows =
    all instanceof Map
      ? [...(all as ReadonlyMap<string, TaskRow>)]
      : Object.entries(all as Readonly<Record<string, TaskRow>>);
  return rows
    .filter(
      ([, task]) =>
        (of.agent === undefined || task.agent === of.agent) &&
        (of.framework === undefined || task.framework === of.framework),
    )
    .sort(([, one], [, other]) => other.since - one.since);
}

const rankOf = (state: string) => (taskStates.includes(state) ? taskStates.indexOf(state) : taskStates.length);

/** How many are in each state. */
function countsOf(rows: readonly Row[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const [, { state }] of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => rankOf(one) - rankOf(other));
}

function Table(props: {
  readonly of: Of;
  readonly name: string;
  readonly rows: readonly Row[];
  readonly known: Known;
  readonly empty: string;
}) {
  const { agents, frameworks } = props.known.picture;
  const { of } = props;
  const hostOf = (task: TaskRow) => agents.get(task.agent)?.host ?? words.agentIsGone;
  const frameworkOf = (task: TaskRow) => frameworks.get(task.framework)?.name ?? task.framework;
  // What all of them share is said above them.
  const agentColumn = {
    title: words.agent,
    show: ([, task]: Row) => <a href={linkTo('agents', task.agent)}>{hostOf(task)}</a>,
    sortBy: ([, task]: Row) => hostOf(task),
  };
  const frameworkColumn = {
    title: words.framework,
    show: ([, task]: Row) => <a href={linkTo('frameworks', task.framework)}>{frameworkOf(task)}</a>,
    sortBy: ([, task]: Row) => frameworkOf(task),
  };
  return (
    <List
      name={props.name}
      rows={props.rows}
      keyOf={([id]) => id}
      textOf={([id, task]) => `${id} ${task.name} ${task.state} ${hostOf(task)} ${frameworkOf(task)}`}
      empty={props.empty}
      columns={[
        {
          title: words.task,
          show: ([id, { name }]) => (
            <a href={linkTo('tasks', id)} title={id}>
              {name === '' ? id : name}
            </a>
          ),
          sortBy: ([id, { name }]) => (name === '' ? id : name),
        },
        {
          title: words.state,
          show: ([, { state, isHealthy }]) => (
            <>
              <StateChip state={state} /> {isHealthy === false && <StateChip state="unhealthy" />}
            </>
          ),
          sortBy: ([, { state }]) => state,
        },
        ...(of.agent === undefined ? [agentColumn] : []),
        ...(of.framework === undefined ? [frameworkColumn] : []),
        { title: words.cpus, show: ([, { cpus }]) => cpus, sortBy: ([, { cpus }]) => cpus },
        { title: words.memory, show: ([, { mem }]) => megabytes(mem), sortBy: ([, { mem }]) => mem },
        {
          title: words.since,
          show: ([, { since }]) => since !== 0 && <When at={since} />,
          sortBy: ([, { since }]) => since,
        },
        { title: words.why, show: ([, { why = '' }]) => <span title={why}>{why.slice(0, 80)}</span> },
      ]}
    />
  );
}
