import { useMemo, useRef } from 'preact/hooks';
import './overview.css';
import { machinesOf } from '../../picture/machines.ts';
import type { Known } from '../connection.ts';
import { Legend, tasksByAgent, type TaskEntry } from '../machines/task-dots.tsx';
import { MachineBox } from '../machines/machine-box.tsx';
import { useMoves } from '../machines/use-moves.ts';
import { Bars, sum } from '../parts/amounts.tsx';
import { Components } from '../parts/components.tsx';
import { AgentGrid } from '../parts/agent-grid.tsx';
import { Events } from '../parts/events.tsx';
import { StateChip } from '../parts/chips.tsx';
import { words } from '../words.ts';

/** More agents than these are shown as a grid, not as boxes. */
const mostBoxes = 24;

/** The whole of the cluster: what there is, how full it is, and what happens. */
export function Overview({ known }: { readonly known: Known }) {
  const { picture, taskCount } = known;
  const rows = useMemo(() => sum([...picture.agents.values()].map(({ total }) => total)), [picture.agents]);
  const used = useMemo(() => sum([...picture.agents.values()].map((row) => row.used)), [picture.agents]);
  return (
    <>
      <section class={isStale(known) ? 'facts stale' : 'facts'} aria-label={words.inUse}>
        <div class="counts">
          <a href="#/agents">{words.agents(picture.agents.size)}</a>
          {picture.sources.has('marathon') && <a href="#/apps">{words.apps(picture.apps.size)}</a>}
          <a href="#/tasks">{words.tasks(taskCount)}</a>
          <a href="#/frameworks">
            {words.frameworks([...picture.frameworks.values()].filter(({ state }) => state !== 'completed').length)}
          </a>
        </div>
        <div>
          <Bars used={used} total={rows} />
        </div>
        <Sources known={known} />
      </section>
      <Machines known={known} />
      <Events known={known} />
    </>
  );
}

const isStale = ({ connection, picture }: Known) =>
  connection === 'lost' || picture.sources.get('master')?.state === 'lost';

/** Greyed while nobody says whether it is still so. */
function Machines({ known }: { readonly known: Known }) {
  const { picture, lost, connection, ahead } = known;
  const { components, agents, tasks } = picture;
  const isFirst = picture.sources.get('master')?.state === 'never';
  const machines = useMemo(
    () => machinesOf({ components, agents, lost, isFirst }),
    [components, agents, lost, isFirst],
  );
  const withAgents = machines.filter((machine) => machine.agents.length > 0);
  const shown = useMemo(() => machines.flatMap((machine) => machine.agents), [machines]);
  const isGrid = shown.length > mostBoxes;
  return (
    <div class={isStale(known) ? 'stale' : ''}>
      <Components machines={isGrid ? machines.filter(({ components: all }) => all.length > 0) : bare(machines)} />
      <section aria-label={words.views.agents}>
        {shown.length === 0 && connection !== 'connecting' && <p class="quiet">{words.noAgents}</p>}
        {isGrid ? <AgentGrid agents={shown} /> : <Boxes machines={withAgents} tasks={tasks} now={Date.now() + ahead} />}
      </section>
    </div>
  );
}

const bare = (machines: ReturnType<typeof machinesOf>) => machines.filter(({ agents }) => agents.length === 0);

interface BoxesProps {
  readonly machines: ReturnType<typeof machinesOf>;
  readonly tasks: Known['picture']['tasks'];
  readonly now: number;
}

function Boxes({ machines, tasks, now }: BoxesProps) {
  const root = useRef<HTMLDivElement>(null);
  const byAgent: ReadonlyMap<string, readonly TaskEntry[]> = tasksByAgent(tasks, now);
  useMoves(root, [machines, tasks]);
  return (
    <>
      <div class="boxes" ref={root}>
        {machines.map((machine) => (
          <MachineBox key={machine.name} machine={machine} tasks={byAgent} />
        ))}
      </div>
      <Legend tasks={tasks} />
    </>
  );
}

/** Who leads, and who is followed. */
const Sources = ({ known }: { readonly known: Known }) => (
  <ul class="sources">
    {[...known.picture.sources]
      .filter(([id]) => id !== 'lab')
      .map(([id, { state, url }]) => (
        <li key={id}>
          {id === 'master' ? words.leadingMaster : words.marathon}{' '}
          {url === undefined ? (
            ''
          ) : (
            <a href={id === 'master' ? url : `${url}/ui/`}>{url.replace(/^https?:\/\//, '')}</a>
          )}{' '}
          <StateChip state={state} />
        </li>
      ))}
  </ul>
);
