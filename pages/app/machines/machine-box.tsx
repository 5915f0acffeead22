import type { Machine, ShownAgent } from '../../picture/machines.ts';
import { Bars } from '../parts/amounts.tsx';
import { StateChip } from '../parts/chips.tsx';
import { ComponentList } from '../parts/components.tsx';
import { linkTo } from '../route.ts';
import { attributeTexts } from '../views/agents.tsx';
import { words } from '../words.ts';
import { TaskDots, type TaskEntry } from './task-dots.tsx';

interface BoxProps {
  readonly machine: Machine;
  readonly tasks: ReadonlyMap<string, readonly TaskEntry[]>;
}

const fine: ReadonlySet<string> = new Set(['active', 'draining', 'drained', 'not known yet']);
const none: readonly TaskEntry[] = [];

/** A machine with an agent: what it is, how full, and what runs there, beside whatever else is on it. */
export function MachineBox({ machine, tasks }: BoxProps) {
  const { name, components, agents } = machine;
  return (
    <article class={agents.every(({ state }) => fine.has(state)) ? 'box' : 'box off'}>
      {(components.length > 0 || agents.length > 1) && <h2>{name}</h2>}
      {components.length > 0 && <ComponentList components={components} />}
      {agents.map((agent) => (
        <AgentInBox key={agent.key} agent={agent} tasks={tasks.get(agent.id ?? '') ?? none} />
      ))}
    </article>
  );
}

function AgentInBox({ agent, tasks }: { readonly agent: ShownAgent; readonly tasks: readonly TaskEntry[] }) {
  const { id, key, name, row, state } = agent;
  const isLost = !fine.has(state);
  const about = [name === row?.host ? `:${row.port}` : key, ...attributeTexts(row?.attributes ?? {})];
  return (
    <>
      <h2 class="agent-name">
        {id === undefined || state === 'lost' ? name : <a href={linkTo('agents', id)}>{name}</a>}{' '}
        <StateChip state={state} />
      </h2>
      <p class="quiet about">{about.join('  ')}</p>
      <Bars used={row?.used ?? nothing} total={row?.total ?? nothing} />
      <TaskDots tasks={tasks} count={row?.tasks ?? 0} isLost={isLost} />
      {tasks.length === 0 && (row?.tasks ?? 0) === 0 && <p class="quiet no-tasks">{words.noTasksHere}</p>}
    </>
  );
}

const nothing = { cpus: 0, mem: 0, disk: 0 };
