import type { TaskRow } from '../../picture/tables.ts';
import { hasEnded } from '../../picture/task-states.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';
import { markOf } from './app-colours.ts';

/** More dots than these in a box say nothing more. */
const mostDots = 60;
/** So long one that has ended is seen to fade. */
const fadingMs = 4000;

export type TaskEntry = readonly [string, TaskRow];

/** By agent; with those that have just ended. @param now the server's clock */
export function tasksByAgent(tasks: ReadonlyMap<string, TaskRow>, now: number): ReadonlyMap<string, TaskEntry[]> {
  const shown = [...tasks].filter(([, task]) => !hasEnded(task) || now - task.since < fadingMs);
  return Map.groupBy(shown, ([, { agent }]) => agent);
}

interface DotsProps {
  readonly tasks: readonly TaskEntry[];
  /** How many it has, also where they are not told one by one. */
  readonly count: number;
  /** The agent does not answer: what it ran is somewhere else soon. */
  readonly isLost: boolean;
}

/** Tasks of an agent, a dot each: its letter and colour are its app's, its shape is its state. */
export function TaskDots({ tasks, count, isLost }: DotsProps) {
  const more = count - Math.min(tasks.length, mostDots);
  return (
    <ul class="dots" aria-label={words.views.tasks}>
      {tasks.slice(0, mostDots).map(([id, task]) => (
        <Dot key={id} id={id} task={task} isLost={isLost} />
      ))}
      {more > 0 && <li class="quiet">{words.more(more)}</li>}
    </ul>
  );
}

function Dot({ id, task, isLost }: { readonly id: string; readonly task: TaskRow; readonly isLost: boolean }) {
  const { name, state, isHealthy } = task;
  const { colour, letter } = markOf(name);
  const said = `${name}: ${words.taskState(state)}${isHealthy === false ? `, ${words.unhealthy}` : ''}`;
  const hasLeft = isLost || hasEnded(task) || state === 'TASK_UNREACHABLE';
  const shape = isLost ? 'TASK_UNREACHABLE' : state;
  return (
    <li data-task={id} data-app={name} data-left={hasLeft ? 'yes' : 'no'}>
      <a
        href={linkTo('tasks', id)}
        class={`dot task ${colour} ${shape} ${hasEnded(task) ? 'ended' : ''} ${isHealthy === false ? 'unhealthy' : ''}`}
        title={said}
        aria-label={said}
      >
        {letter}
      </a>
    </li>
  );
}

/** Which letter and colour is which app. */
export function Legend({ tasks }: { readonly tasks: ReadonlyMap<string, TaskRow> }) {
  const counts = new Map<string, number>();
  for (const task of tasks.values()) {
    if (!hasEnded(task)) counts.set(task.name, (counts.get(task.name) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return (
    <ul class="legend" aria-label={words.legend}>
      {Array.from(counts, ([name, count]) => {
        const { colour, letter } = markOf(name);
        return (
          <li key={name}>
            <span class={`dot task ${colour} TASK_RUNNING`} aria-hidden="true">
              {letter}
            </span>{' '}
            {name} <span class="quiet">{count}</span>
          </li>
        );
      })}
    </ul>
  );
}
