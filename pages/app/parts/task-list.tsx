import { useEffect, useState } from 'preact/hooks';
import type { TaskRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { get } from '../requests.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';
import { StateChip } from './chips.tsx';
import { List } from './list.tsx';

type Of = { readonly agent?: string; readonly framework?: string; readonly name?: string };
const again = 2000;

/** Tasks, of an agent or a framework or an app if it says so: as they are told, or asked for where they are too many. */
export function TaskList({ known, of }: { readonly known: Known; readonly of: Of }) {
  const { picture, taskCount } = known;
  const isTold = picture.tasks.size > 0 || taskCount === 0;
  const asked = useAsked(of, isTold);
  const all = isTold ? [...picture.tasks] : [...asked];
  const rows = all
    .filter(
      ([, task]) =>
        (of.agent === undefined || task.agent === of.agent) &&
        (of.framework === undefined || task.framework === of.framework) &&
        (of.name === undefined || task.name === of.name),
    )
    .sort(([, one], [, other]) => other.since - one.since);
  if (!isTold && of.agent === undefined && of.framework === undefined) {
    return <p class="quiet">{words.tooManyTasks(taskCount)}</p>;
  }
  const hostOf = (task: TaskRow) => picture.agents.get(task.agent)?.host ?? task.agent;
  return (
    <List
      name={words.views.tasks}
      rows={rows}
      keyOf={([id]) => id}
      textOf={([id, task]) => `${id} ${task.name} ${task.state} ${hostOf(task)}`}
      empty={words.noTasks}
      columns={[
        { title: words.task, show: ([id, { name }]) => <a href={linkTo('tasks', id)}>{name === '' ? id : name}</a> },
        {
          title: words.state,
          show: ([, { state, isHealthy }]) => (
            <>
              <StateChip state={state} /> {isHealthy === false && <StateChip state="unhealthy" />}
            </>
          ),
        },
        { title: words.agent, show: ([, task]) => <a href={linkTo('agents', task.agent)}>{hostOf(task)}</a> },
        { title: words.since, show: ([, { since }]) => (since === 0 ? '' : new Date(since).toLocaleTimeString()) },
        { title: words.why, show: ([, { why = '' }]) => <span title={why}>{why.slice(0, 80)}</span> },
      ]}
    />
  );
}

function useAsked(of: Of, isTold: boolean): ReadonlyMap<string, TaskRow> {
  const [rows, setRows] = useState<ReadonlyMap<string, TaskRow>>(new Map());
  const query = new URLSearchParams(of as Record<string, string>).toString();
  useEffect(() => {
    if (isTold || (of.agent === undefined && of.framework === undefined)) return undefined;
    const ask = () => {
      get(`/page/tasks?${query}`).then(
        (found) => {
          setRows(new Map(Object.entries(found as Readonly<Record<string, TaskRow>>)));
        },
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, again);
    return () => {
      clearInterval(timer);
    };
  }, [query, isTold]);
  return rows;
}
