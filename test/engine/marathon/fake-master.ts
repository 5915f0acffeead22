import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { Attribute, Offer, TaskInfo, TaskState, TaskStatus } from '../../../protocol/mesos.ts';
import { encodeRecord } from '../../../protocol/record-io.ts';
import { listOf, parseLoosely, pluck, type Loose } from './shapes/loose.ts';

export interface FakeAgent {
  readonly id: string;
  readonly cpus?: number;
  readonly mem?: number;
  readonly ports?: readonly [number, number];
  readonly attributes?: readonly Attribute[];
}

interface FakeMasterOptions {
  readonly agents?: readonly FakeAgent[];
  /** What becomes of a task that is launched; by default it runs. */
  readonly onLaunch?: (task: TaskInfo, master: FakeMaster) => void;
  readonly redirectTo?: string;
}

const idOf = (task: TaskInfo): string => task.task_id.value;

/** Of LAUNCH, or of LAUNCH_GROUP. */
const tasksOf = ({ launch, launch_group: group }: Loose): TaskInfo[] =>
  (launch?.task_infos ?? group.task_group.tasks) as TaskInfo[];

/** Speaks the scheduler API as recorded from a real master, to one framework, and has agents that only it believes in. */
export class FakeMaster {
  readonly calls: Loose[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  /** Tasks that have not ended. */
  readonly tasks = new Map<string, { readonly info: TaskInfo; state: TaskState }>();
  agents: readonly FakeAgent[];
  /** Refuses the next subscriptions with this text. */
  refusal: string | undefined;
  answersKills = true;
  frameworkCount = 0;
  url = '';
  readonly #options: FakeMasterOptions;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #stream: { readonly response: ServerResponse; readonly id: string } | undefined;
  #offerCount = 0;
  #isSuppressed = false;
  readonly #offered = new Set<string>();

  constructor(options: FakeMasterOptions = {}) {
    this.#options = options;
    this.agents = options.agents ?? [{ id: 'S0' }];
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  callsOf(type: string): Loose[] {
    return this.calls.filter((call) => call.type === type);
  }

  launched(): TaskInfo[] {
    return this.callsOf('ACCEPT').flatMap((call) => listOf(call.accept.operations).flatMap(tasksOf));
  }

  /** The groups that were launched, as LAUNCH_GROUP has them. */
  launchedGroups(): readonly Record<string, Loose>[] {
    const operations = this.callsOf('ACCEPT').flatMap((call) => listOf(call.accept.operations));
    return operations.flatMap(({ launch_group: group }) => (group === undefined ? [] : listOf([group])));
  }

  /** Ends the framework's session, as when the master dies. */
  breakStream(): void {
    this.#stream?.response.destroy();
    this.#stream = undefined;
    this.#offered.clear();
  }

  send(event: object): void {
    this.#stream?.response.write(encodeRecord(JSON.stringify(event)));
  }

  update(task: TaskInfo, state: TaskState, more: Partial<TaskStatus> = {}): void {
    const id = task.task_id.value;
    if (['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_UNREACHABLE'].includes(state)) {
      this.tasks.set(id, { info: task, state });
    } else this.tasks.delete(id);
    const status = {
      task_id: task.task_id,
      state,
      source: 'SOURCE_EXECUTOR',
      agent_id: task.agent_id,
      executor_id: task.task_id,
      timestamp: 1,
      uuid: randomBytes(16).toString('base64'),
      ...more,
    };
    this.send({ type: 'UPDATE', update: { status } });
  }

  run(task: TaskInfo): void {
    this.update(task, 'TASK_STARTING');
    this.update(task, 'TASK_RUNNING');
  }

  offer(): void {
    if (this.#isSuppressed) return;
    const free = this.agents.filter(({ id }) => !this.#offered.has(id));
    for (const { id } of free) this.#offered.add(id);
    if (free.length > 0) this.send({ type: 'OFFERS', offers: { offers: free.map((agent) => this.#offerOf(agent)) } });
  }

  #offerOf({ id, cpus = 8, mem = 8000, ports = [31_000, 32_000], attributes = [] }: FakeAgent): Offer {
    const scalar = (name: string, value: number) => ({
      name,
      type: 'SCALAR' as const,
      scalar: { value },
      role: '*',
      allocation_info: { role: '*' },
    });
    const [begin, end] = ports;
    return {
      id: { value: `${id}-O${this.#offerCount++}` },
      framework_id: { value: `F${this.frameworkCount}` },
      agent_id: { value: id },
      hostname: '127.0.0.1',
      resources: [
        {
          name: 'ports',
          type: 'RANGES',
          ranges: { range: [{ begin, end }] },
          role: '*',
          allocation_info: { role: '*' },
        },
        scalar('cpus', cpus),
        scalar('mem', mem),
        scalar('disk', 1000),
      ],
      attributes,
      allocation_info: { role: '*' },
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (this.#options.redirectTo !== undefined) {
      response.writeHead(307, { location: this.#options.redirectTo }).end();
      return;
    }
    const call = parseLoosely(body);
    if (call.type !== 'SUBSCRIBE' && request.headers['mesos-stream-id'] !== this.#stream?.id) {
      response.writeHead(400).end("The stream ID didn't match");
      return;
    }
    this.calls.push(call);
    this.headers.push(request.headers);
    if (call.type === 'SUBSCRIBE') this.#subscribe(call, response);
    else {
      response.writeHead(202).end();
      this.#take(call);
    }
  }

  #subscribe(call: Loose, response: ServerResponse): void {
    if (this.refusal !== undefined) {
      response.writeHead(403).end(this.refusal);
      return;
    }
    this.#stream?.response.end();
    const streamId = randomBytes(8).toString('hex');
    this.#stream = { response, id: streamId };
    this.#isSuppressed = false;
    this.#offered.clear();
    const framework_id = call.framework_id ?? { value: `F${++this.frameworkCount}` };
    response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': streamId });
    this.send({
      type: 'SUBSCRIBED',
      subscribed: { framework_id, heartbeat_interval_seconds: 15, master_info: { hostname: '127.0.0.1' } },
    });
    this.send({ type: 'HEARTBEAT' });
    this.offer();
  }

  #take(call: Loose): void {
    const offerIds = pluck((call.accept ?? call.decline)?.offer_ids ?? [], 'value');
    for (const id of offerIds) this.#offered.delete(id.split('-O')[0] ?? '');
    if (call.type === 'ACCEPT') {
      for (const operation of listOf(call.accept.operations))
        this.#launch(tasksOf(operation), 'launch_group' in operation);
      if (call.accept.filters.refuse_seconds === 0) this.offer();
    }
    if (call.type === 'SUPPRESS') this.#isSuppressed = true;
    if (call.type === 'REVIVE') {
      this.#isSuppressed = false;
      this.offer();
    }
    if (call.type === 'KILL' && this.answersKills) this.#kill(call.kill.task_id as { readonly value: string });
    if (call.type === 'RECONCILE') this.#reconcile(call.reconcile.tasks as readonly Loose[]);
  }

  #launch(tasks: readonly TaskInfo[], isGroup: boolean): void {
    const { onLaunch } = this.#options;
    if (onLaunch !== undefined) for (const task of tasks) onLaunch(task, this);
    else if (!isGroup) for (const task of tasks) this.run(task);
    else {
      // As recorded: the executor launches all, and says then that they run.
      for (const state of ['TASK_STARTING', 'TASK_RUNNING'] as const) {
        for (const task of tasks) this.update(task, state);
      }
    }
  }

  #kill(taskId: { readonly value: string }): void {
    const task = this.tasks.get(taskId.value);
    if (task === undefined) {
      this.#reconcile([{ task_id: taskId }]);
      return;
    }
    // The executor of a group ends all of it.
    const group = this.launchedGroups().map((each): readonly TaskInfo[] => each.task_group.tasks as TaskInfo[]);
    const ids = group.find((tasks) => tasks.some((each) => each.task_id.value === taskId.value))?.map(idOf);
    for (const id of ids ?? [taskId.value]) {
      const each = this.tasks.get(id);
      if (each === undefined) continue;
      if (ids !== undefined) this.update(each.info, 'TASK_KILLING');
      this.update(each.info, 'TASK_KILLED', { message: 'Command terminated with signal Terminated' });
    }
  }

  #reconcile(asked: readonly Loose[]): void {
    const ids: readonly string[] =
      asked.length === 0 ? [...this.tasks.keys()] : asked.map((each) => each.task_id.value as string);
    for (const value of ids) {
      const task = this.tasks.get(value);
      const status = {
        task_id: { value },
        state: task?.state ?? 'TASK_UNKNOWN',
        ...(task === undefined ? {} : { agent_id: task.info.agent_id }),
        source: 'SOURCE_MASTER',
        reason: 'REASON_RECONCILIATION',
        message: `Reconciliation: ${task === undefined ? 'Task is unknown' : 'Latest task state'}`,
      };
      this.send({ type: 'UPDATE', update: { status } });
    }
  }
}
