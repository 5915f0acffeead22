import './mesos.css';
import type { TaskDetails, TaskMoment } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { Facts, NotKnown, timeOf, Trouble } from '../mesos/facts.tsx';
import { amountsText } from '../mesos/resources.tsx';
import { Sandbox } from '../mesos/sandbox.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { StateChip } from '../parts/chips.tsx';
import { List } from '../parts/list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

/** Once, and again when the task comes to another state: then the question is another one. */
const everyMs = 60_000;
/** Of one that nobody tells of: there are too many. */
const untoldMs = 2000;

/** A task: the states it was in and why, what it writes, and the rest of its sandbox. */
export function Task({ known, id }: { readonly known: Known; readonly id: string }) {
  const told = known.picture.tasks.get(id);
  const query = new URLSearchParams({ id, at: String(told?.since ?? 0) }).toString();
  const { answer: task, trouble } = useAsked<TaskDetails>(
    `/page/task?${query}`,
    told === undefined ? untoldMs : everyMs,
  );
  const row = told ?? task?.row;
  const agent = row === undefined ? undefined : known.picture.agents.get(row.agent);
  const isGone = row !== undefined && agent === undefined;
  const state = row?.state ?? task?.history.at(-1)?.state;
  if (row === undefined && task === undefined) {
    return trouble === '' ? <p class="quiet">{words.asking}</p> : <NotKnown what={words.task} id={id} />;
  }
  return (
    <>
      <h2>
        {row?.name ?? words.task} {state !== undefined && <StateChip state={state} />}
        {row?.isHealthy !== undefined && <StateChip state={row.isHealthy ? 'healthy' : 'unhealthy'} />}
      </h2>
      <p class="quiet">{id}</p>
      <Trouble trouble={trouble} />
      <div class="columns">
        <section class="panel" aria-label={words.task}>
          <Facts
            facts={{
              [words.agent]: row && <a href={linkTo('agents', row.agent)}>{agent?.host ?? row.agent}</a>,
              [words.framework]: row && (
                <a href={linkTo('frameworks', row.framework)}>
                  {known.picture.frameworks.get(row.framework)?.name ?? row.framework}
                </a>
              ),
              [words.role]: task?.role && <a href={linkTo('roles', task.role)}>{task.role}</a>,
              [words.resources]: task === undefined ? undefined : amountsText(task.resources),
              [words.ports]: task?.portRanges,
              [words.named]: task?.ports.join(', '),
              [words.addresses]: task?.addresses.join(', '),
              [words.container]: task?.container,
              [words.image]: task?.image,
              [words.executor]: task?.executor,
              [words.user]: task?.user,
              [words.healthCheck]: task?.healthCheck,
              [words.labels]: Object.entries(task?.labels ?? {})
                .map(([name, value]) => `${name}=${value}`)
                .join(', '),
            }}
          />
        </section>
        <section class="panel" aria-label={words.history}>
          <History moments={task?.history ?? []} />
        </section>
      </div>
      {isGone ? <p class="note">{words.sandboxIsGone(row.agent)}</p> : <Sandbox place={{ task: id }} />}
    </>
  );
}

/** The states of a task, the latest first. */
const History = ({ moments }: { readonly moments: readonly TaskMoment[] }) => (
  <List
    name={words.history}
    rows={moments.map((moment, index) => [index, moment] as const).reverse()}
    keyOf={([index]) => String(index)}
    empty={words.noHistory}
    columns={[
      {
        title: words.state,
        show: ([, { state, isHealthy }]) => (
          <>
            <StateChip state={state} /> {isHealthy === false && <StateChip state="unhealthy" />}
          </>
        ),
      },
      { title: words.since, show: ([, { at }]) => timeOf(at) },
      {
        title: words.why,
        show: ([, { message, reason, source }]) => (
          <span class="wide" title={source}>
            {[message, reason === undefined ? undefined : `(${reason})`].filter(Boolean).join(' ')}
          </span>
        ),
      },
    ]}
  />
);
