/**
 * A small Mesos scheduler: keeps so many copies of a command running, and starts another one for each that is lost. It
 * talks to the master by the v1 scheduler API (docs/scheduler-http-api.md of Mesos): one long answer with events, and a
 * POST for each call.
 */
export class Keeper {
  /** Tasks that it has launched and not heard the end of, by their ids; true: they run. */
  readonly tasks = new Map<string, boolean>();
  readonly #master: string;
  readonly #command: string;
  readonly #copies: number;
  readonly #hangUp = new AbortController();
  #framework = '';
  #stream = '';
  #launched = 0;

  constructor(options: { readonly master: string; readonly command: string; readonly copies: number }) {
    this.#master = options.master;
    this.#command = options.command;
    this.#copies = options.copies;
  }

  get running(): number {
    return [...this.tasks.values()].filter((runs) => runs).length;
  }

  /** Subscribes, and goes on until `stop`. */
  async run(): Promise<void> {
    const framework_info = { user: 'root', name: 'keeper', roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] };
    const answer = await this.#post({ type: 'SUBSCRIBE', subscribe: { framework_info } });
    if (answer.status !== 200) throw new Error(`not subscribed: ${answer.status} ${await answer.text()}`);
    this.#stream = answer.headers.get('Mesos-Stream-Id') ?? '';
    for await (const event of records(answer.body!)) await this.#take(event);
  }

  /** Ends the framework, and so its tasks. */
  async stop(): Promise<void> {
    await this.#call({ type: 'TEARDOWN' });
    this.#hangUp.abort();
  }

  async #take(event: any): Promise<void> {
    if (event.type === 'SUBSCRIBED') this.#framework = event.subscribed.framework_id.value;
    if (event.type === 'OFFERS') for (const offer of event.offers.offers) await this.#answer(offer);
    if (event.type === 'UPDATE') await this.#heard(event.update.status);
  }

  /** Launches one task on an offer while some are missing. */
  async #answer({ id, agent_id }: any): Promise<void> {
    const offer_ids = [id];
    if (this.tasks.size >= this.#copies) {
      await this.#call({ type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: 1 } } });
      return;
    }
    const task_id = { value: `copy-${(this.#launched += 1)}` };
    this.tasks.set(task_id.value, false);
    const resources = Object.entries({ cpus: 0.1, mem: 32 }).map(([name, value]) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      allocation_info: { role: '*' },
    }));
    const task = { name: 'copy', task_id, agent_id, resources, command: { value: this.#command } };
    const operations = [{ type: 'LAUNCH', launch: { task_infos: [task] } }];
    await this.#call({ type: 'ACCEPT', accept: { offer_ids, operations, filters: { refuse_seconds: 0 } } });
  }

  async #heard({ task_id, agent_id, uuid, state }: any): Promise<void> {
    if (state === 'TASK_RUNNING') this.tasks.set(task_id.value, true);
    else if (!['TASK_STAGING', 'TASK_STARTING'].includes(state)) this.tasks.delete(task_id.value);
    if (uuid !== undefined) await this.#call({ type: 'ACKNOWLEDGE', acknowledge: { task_id, agent_id, uuid } });
  }

  async #call(call: object): Promise<void> {
    const answer = await this.#post({ ...call, framework_id: { value: this.#framework } });
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  }

  #post(call: object): Promise<Response> {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    return fetch(`${this.#master}/api/v1/scheduler`, {
      method: 'POST',
      headers: this.#stream === '' ? headers : { ...headers, 'Mesos-Stream-Id': this.#stream },
      body: JSON.stringify(call),
      signal: this.#hangUp.signal,
    });
  }
}

/** RecordIO: the length of each record in decimal, a line feed, and the record. */
async function* records(body: ReadableStream<Uint8Array>): AsyncGenerator<any> {
  let bytes = Buffer.alloc(0);
  for await (const part of body) {
    bytes = Buffer.concat([bytes, part]);
    for (;;) {
      const lineFeed = bytes.indexOf('\n');
      const end = lineFeed + 1 + Number(bytes.subarray(0, Math.max(0, lineFeed)));
      if (lineFeed < 0 || bytes.length < end) break;
      yield JSON.parse(bytes.subarray(lineFeed + 1, end).toString());
      bytes = bytes.subarray(end);
    }
  }
}
