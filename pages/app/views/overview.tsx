import './overview.css';
import type { AgentRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { Bars, share, sum } from '../parts/amounts.tsx';
import { Components } from '../parts/components.tsx';
import { AgentGrid } from '../parts/agent-grid.tsx';
import { Events } from '../parts/events.tsx';
import { StateChip } from '../parts/chips.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

/** More agents than these are shown as a grid, not as boxes. */
const mostBoxes = 24;
/** More dots than these in a box say nothing more. */
const mostDots = 60;

/** The whole of the cluster: what there is, how full it is, and what happens. */
export function Overview({ known }: { readonly known: Known }) {
  const { picture, taskCount } = known;
  const agents = [...picture.agents];
  const rows = agents.map(([, row]) => row);
  return (
    <>
      <section class="facts" aria-label={words.inUse}>
        <div class="counts">
          <a href="#/agents">{words.agents(agents.length)}</a>
          {picture.sources.has('marathon') && <a href="#/apps">{words.apps(picture.apps.size)}</a>}
          <a href="#/tasks">{words.tasks(taskCount)}</a>
          <a href="#/frameworks">
            {words.frameworks([...picture.frameworks.values()].filter(({ state }) => state !== 'completed').length)}
          </a>
        </div>
        <div>
          <Bars used={sum(rows.map(({ used }) => used))} total={sum(rows.map(({ total }) => total))} />
        </div>
        <Sources known={known} />
      </section>
      <Components known={known} />
      <section aria-label={words.views.agents}>
        {agents.length === 0 && <p class="quiet">{words.noAgents}</p>}
        {agents.length > mostBoxes ? (
          <AgentGrid agents={agents} />
        ) : (
          <div class="boxes">
            {agents.map(([id, row]) => (
              <AgentBox key={id} id={id} row={row} known={known} />
            ))}
          </div>
        )}
      </section>
      <Events known={known} />
    </>
  );
}

/** Who leads, and who is followed. */
const Sources = ({ known }: { readonly known: Known }) => (
  <ul class="sources">
    {[...known.picture.sources].map(([id, { state, url }]) => (
      <li key={id}>
        {id === 'master' ? words.leadingMaster : words.marathon}{' '}
        {url === undefined ? '' : <a href={id === 'master' ? url : `${url}/ui/`}>{url.replace(/^https?:\/\//, '')}</a>}{' '}
        <StateChip state={state} />
      </li>
    ))}
  </ul>
);

function AgentBox({ id, row, known }: { readonly id: string; readonly row: AgentRow; readonly known: Known }) {
  const tasks = [...known.picture.tasks].filter(([, task]) => task.agent === id && isAlive(task.state));
  return (
    <article class={row.state === 'active' ? 'box' : 'box off'}>
      <h2>
        <a href={linkTo('agents', id)}>{row.host}</a>
        {row.state !== 'active' && <StateChip state={row.state} />}
      </h2>
      <p class="quiet">
        {Object.entries(row.attributes)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}
      </p>
      <Bars used={row.used} total={row.total} />
      <p class="quiet">
        {words.tasks(row.tasks)}, {words.percent(share(row.used.cpus, row.total.cpus))} {words.cpus}
      </p>
      <ul class="dots" aria-label={words.views.tasks}>
        {tasks.slice(0, mostDots).map(([taskId, task]) => (
          <li key={taskId}>
            <a
              href={linkTo('tasks', taskId)}
              class={`dot ${task.isHealthy === false ? 'TASK_FAILED' : task.state}`}
              title={`${task.name}: ${task.state}`}
              aria-label={`${task.name}: ${task.state}`}
            >
              {task.name.slice(0, 12)}
            </a>
          </li>
        ))}
        {row.tasks > Math.min(tasks.length, mostDots) && (
          <li class="quiet">+{row.tasks - Math.min(tasks.length, mostDots)}</li>
        )}
      </ul>
    </article>
  );
}

const alive: ReadonlySet<string> = new Set([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_UNREACHABLE',
]);
const isAlive = (state: string) => alive.has(state);
