import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import type { TaskMoment } from '../picture/details.ts';
import { hasEnded } from '../picture/task-states.ts';
import type { AgentRow, FrameworkRow, TaskRow } from '../picture/tables.ts';
import { readMoment } from './mesos/read-agent.ts';
import { mostTasks, type PictureBoard } from './picture-board.ts';
import {
  mostMoments,
  ofStatus,
  readAgent,
  readFramework,
  readState,
  readTask,
  stateOfAgent,
  type KnownTask,
} from './read-mesos.ts';
import { Shares } from './shares.ts';

/** Tasks that have ended are kept so long as no more than these have ended since. */
const mostEnded = 200;

/** Every task passes through these in a moment: nobody is told. */
const passing: ReadonlySet<string> = new Set(['TASK_STAGING', 'TASK_STARTING']);

/** What the leading master says, as rows on a board: agents with what their tasks use, frameworks, tasks. */
export class MasterBook {
  readonly #board: PictureBoard;
  #tasks = new Map<string, KnownTask>();
  /** In the order in which they ended. */
  #ended = new Set<string>();
  #agents = new Map<string, AgentRow>();
  #shares = new Shares();

  constructor(board: PictureBoard) {
    this.#board = board;
  }

  /** Tasks of an agent or a framework; in no order. */
  *tasksOf(of: { readonly agent?: string; readonly framework?: string }): Iterable<readonly [string, TaskRow]> {
    for (const [id, task] of this.#tasks) {
      const isWanted =
        (of.agent === undefined || task.agent === of.agent) &&
        (of.framework === undefined || task.framework === of.framework);
      if (isWanted) yield [id, rowOf(task)];
    }
  }

  task(id: string): TaskRow | undefined {
    const task = this.#tasks.get(id);
    return task === undefined ? undefined : rowOf(task);
  }

  /** The states that a task was in, as far as they were told. */
  historyOf(id: string): readonly TaskMoment[] {
    return this.#tasks.get(id)?.history ?? [];
  }

  /** Everything anew. @param event `SUBSCRIBED` */
  begin(event: unknown): void {
    const { agents, frameworks, tasks } = readState(event);
    this.#agents = agents;
    this.#tasks = new Map();
    this.#ended = new Set();
    this.#shares = new Shares();
    for (const [id, task] of tasks) this.#put(id, task);
    this.#board.replace('agents', new Map([...agents].map(([id, row]) => [id, this.#agentRow(id, row)])));
    this.#board.replace('frameworks', new Map([...frameworks].map(([id, row]) => [id, this.#frameworkRow(id, row)])));
    this.#showTasks();
  }

  /** An event of the operator API (master.proto, message Event). */
  take(event: unknown): void {
    switch (textAt(event, 'type')) {
      case 'TASK_ADDED': {
        const [id, task] = readTask(valueAt(event, 'task_added', 'task'));
        this.#change(id, task);
        break;
      }
      case 'TASK_UPDATED':
        this.#update(valueAt(event, 'task_updated'));
        break;
      case 'AGENT_ADDED': {
        const [id, row] = readAgent(valueAt(event, 'agent_added', 'agent'));
        const isNew = !this.#agents.has(id);
        this.#agents.set(id, row);
        this.#board.set('agents', id, this.#agentRow(id, row));
        if (isNew) this.#board.tell({ kind: 'agent-added', about: row.host, id });
        break;
      }
      case 'AGENT_REMOVED':
        this.#removeAgent(textAt(event, 'agent_removed', 'agent_id', 'value') ?? '');
        break;
      case 'FRAMEWORK_ADDED':
        this.#putFramework(valueAt(event, 'framework_added', 'framework'));
        break;
      case 'FRAMEWORK_UPDATED':
        this.#putFramework(valueAt(event, 'framework_updated', 'framework'));
        break;
      case 'FRAMEWORK_REMOVED':
        this.#endFramework(textAt(event, 'framework_removed', 'framework_info', 'id', 'value') ?? '');
        break;
      default:
    }
  }

  /** No event tells that an agent does not answer any more, or is drained. @param slaves `GET /slaves`, or some of it */
  takeStates(slaves: unknown): void {
    for (const agent of listAt(slaves, 'slaves')) {
      const id = textAt(agent, 'id') ?? '';
      const before = this.#agents.get(id);
      const state = stateOfAgent(agent);
      if (before === undefined || before.state === state) continue;
      this.#agents.set(id, { ...before, state });
      this.#board.set('agents', id, this.#agentRow(id, { ...before, state }));
      this.#board.tell({ kind: 'agent-state', about: before.host, id, detail: state });
    }
  }

  /** Those that are drained: nothing tells when that is done. */
  *draining(): Iterable<string> {
    for (const [id, { state }] of this.#agents) if (state === 'draining') yield id;
  }

  get agentIds(): ReadonlySet<string> {
    return new Set(this.#agents.keys());
  }

  /**
   * Agents that are unreachable, or that a new master has waited for in vain: no event tells of them.
   * @param before who was known when it was asked
   * @param slaves `GET /slaves`, all of them
   */
  forgetAbsent(before: ReadonlySet<string>, slaves: unknown): void {
    const there = new Set(['slaves', 'recovered_slaves'].flatMap((list) => listAt(slaves, list)).map(idOf));
    for (const id of before) if (!there.has(id)) this.#removeAgent(id);
  }

  #update(update: unknown): void {
    const status = valueAt(update, 'status');
    const id = textAt(status, 'task_id', 'value') ?? '';
    const task = this.#tasks.get(id);
    const state = textAt(update, 'state') ?? textAt(status, 'state');
    if (task === undefined || state === undefined) return;
    const { why: _before, ...rest } = task;
    const history = [...task.history, readMoment(status)].slice(-mostMoments);
    this.#change(id, { ...rest, ...ofStatus(status), state, history });
    if (state !== task.state && !passing.has(state)) {
      const why = textAt(status, 'message') ?? '';
      const detail = why === '' ? state : `${state}: ${why}`;
      this.#board.tell({ kind: 'task-state', about: task.name === '' ? id : task.name, id, detail });
    }
  }

  #removeAgent(id: string): void {
    const row = this.#agents.get(id);
    this.#agents.delete(id);
    this.#board.remove('agents', id);
    if (row !== undefined) this.#board.tell({ kind: 'agent-gone', about: row.host });
  }

  #putFramework(framework: unknown): void {
    const [id, row] = readFramework(framework);
    const before = this.#board.get('frameworks', id);
    this.#board.set('frameworks', id, this.#frameworkRow(id, row));
    if (before === undefined) this.#board.tell({ kind: 'framework-added', about: row.name, id });
  }

  #endFramework(id: string): void {
    const row = this.#board.get('frameworks', id);
    if (row === undefined) return;
    this.#board.set('frameworks', id, { ...row, state: 'completed' });
    this.#board.tell({ kind: 'framework-gone', about: row.name, id });
  }

  /** Takes a task into account, and shows what that changes. */
  #change(id: string, task: KnownTask): void {
    const wereFew = this.#isFew();
    const forgotten = this.#put(id, task);
    const row = this.#agents.get(task.agent);
    if (row !== undefined) this.#board.set('agents', task.agent, this.#agentRow(task.agent, row));
    const framework = this.#board.get('frameworks', task.framework);
    if (framework !== undefined) {
      this.#board.set('frameworks', task.framework, this.#frameworkRow(task.framework, framework));
    }
    this.#board.countTasks(this.#tasks.size - this.#ended.size);
    if (this.#isFew() !== wereFew) this.#showTasks();
    else if (wereFew) {
      this.#board.set('tasks', id, rowOf(task));
      for (const each of forgotten) this.#board.remove('tasks', each);
    }
  }

  #isFew(): boolean {
    return this.#tasks.size - this.#ended.size <= mostTasks;
  }

  #showTasks(): void {
    const shown = this.#isFew() ? this.#tasks : [];
    this.#board.replace('tasks', new Map([...shown].map(([id, task]) => [id, rowOf(task)])));
    this.#board.countTasks(this.#tasks.size - this.#ended.size);
  }

  /** @returns ids of tasks that are forgotten for it */
  #put(id: string, task: KnownTask): readonly string[] {
    const before = this.#tasks.get(id);
    if (before !== undefined && !hasEnded(before)) this.#shares.count(before, -1);
    this.#tasks.set(id, task);
    this.#ended.delete(id);
    if (!hasEnded(task)) {
      this.#shares.count(task, 1);
      return [];
    }
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size <= mostEnded || oldest === undefined) return [];
    this.#ended.delete(oldest);
    this.#tasks.delete(oldest);
    return [oldest];
  }

  #agentRow(id: string, row: AgentRow): AgentRow {
    return { ...row, ...this.#shares.ofAgent(id) };
  }

  #frameworkRow(id: string, row: FrameworkRow): FrameworkRow {
    return { ...row, ...this.#shares.ofFramework(id) };
  }
}

const idOf = (agent: unknown) => textAt(agent, 'id') ?? textAt(agent, 'id', 'value');

function rowOf({ disk: _disk, history: _history, ...row }: KnownTask): TaskRow {
  return row;
}
