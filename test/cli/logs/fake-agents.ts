import { UnreachableError, type ClusterClient, type ClusterRequest } from '../../../checks/cluster-client.ts';
import { textAt, valueAt, numberAt } from '../../../protocol/json.ts';

interface FakeTask {
  readonly id: string;
  isOver: boolean;
  endedAt?: number;
  readonly files: Record<string, Buffer>;
  changedAt: number;
}

/** How an agent answers: as it should, not at all, or never. */
type Health = 'up' | 'down' | 'hangs';

/** A fake agent whose tasks write what a test says. */
export class FakeAgent {
  readonly name: string;
  id: string;
  health: Health = 'up';
  /** Bytes of files that were asked for. */
  bytesRead = 0;
  readonly tasks = new Map<string, FakeTask>();

  constructor(name: string) {
    [this.name, this.id] = [name, `S-${name}`];
  }

  write(taskId: string, text: string | Uint8Array, { file = 'stdout', at = 0 } = {}): void {
    const task = this.tasks.get(taskId) ?? { id: taskId, isOver: false, files: {}, changedAt: at };
    task.files[file] = Buffer.concat([task.files[file] ?? Buffer.alloc(0), Buffer.from(text)]);
    task.changedAt = at;
    this.tasks.set(taskId, task);
  }

  end(taskId: string, at = 0): void {
    const task = this.tasks.get(taskId);
    if (task !== undefined) Object.assign(task, { isOver: true, endedAt: at });
  }

  truncate(taskId: string, text: string): void {
    const task = this.tasks.get(taskId);
    if (task !== undefined) task.files['stdout'] = Buffer.from(text);
  }

  readonly #folder = (taskId: string) => `/sandboxes/${this.id}/${taskId}`;

  answer(path: string, query: URLSearchParams, body: unknown): { readonly status: number; readonly json?: unknown } {
    if (path === '/state') return { status: 200, json: this.#state() };
    if (path === '/files/browse') return this.#browse(query.get('path') ?? '');
    return path === '/api/v1' ? this.#read(body) : { status: 404 };
  }

  #state() {
    const executor = ({ id, isOver, endedAt }: FakeTask) => {
      const task = { id, name: id, statuses: endedAt === undefined ? [] : [{ timestamp: endedAt / 1000 }] };
      const tasks = isOver ? { tasks: [], completed_tasks: [task] } : { tasks: [task], completed_tasks: [] };
      return { id, directory: this.#folder(id), ...tasks };
    };
    const all = [...this.tasks.values()];
    const executors = all.filter(({ isOver }) => !isOver).map(executor);
    const completed = all.filter(({ isOver }) => isOver).map(executor);
    return { id: this.id, frameworks: [{ executors, completed_executors: completed }], completed_frameworks: [] };
  }

  #browse(folder: string) {
    const task = [...this.tasks.values()].find(({ id }) => this.#folder(id) === folder);
    const files = Object.entries(task?.files ?? {}).map(([name, bytes]) => ({
      ...{ path: `${folder}/${name}`, size: bytes.length, mtime: Math.floor((task?.changedAt ?? 0) / 1000) },
    }));
    return task === undefined ? { status: 404 } : { status: 200, json: files };
  }

  #read(body: unknown) {
    const call = valueAt(body, 'read_file');
    const path = textAt(call, 'path') ?? '';
    const task = [...this.tasks.values()].find(({ id }) => path.startsWith(`${this.#folder(id)}/`));
    const bytes = task?.files[path.slice(path.lastIndexOf('/') + 1)];
    if (bytes === undefined) return { status: 404 };
    const offset = numberAt(call, 'offset') ?? 0;
    const part = bytes.subarray(offset, offset + Math.min(numberAt(call, 'length') ?? 65_536, 65_536));
    this.bytesRead += part.length;
    return { status: 200, json: { read_file: { size: bytes.length, data: part.toString('base64') } } };
  }
}

/** A fake client of a fake cluster: a master that names agents, and these. */
export function fakeCluster(agents: readonly FakeAgent[]) {
  const cluster = { agents: [...agents], hasLeader: true, asked: 0 };
  const ask = (url: string, signal: AbortSignal, options: ClusterRequest = {}) => {
    const { host, pathname, searchParams } = new URL(url);
    cluster.asked += 1;
    const agent = cluster.agents.find(({ name }) => host === `${name}:5051`);
    if (agent?.health === 'hangs') return neverBefore(signal);
    if (host === 'master1:5050' ? !cluster.hasLeader : agent?.health !== 'up') {
      return Promise.reject(new UnreachableError(url, 'ECONNREFUSED', 'nobody listens there'));
    }
    const slaves = cluster.agents.map(({ id, name }) => ({
      id,
      hostname: name,
      port: 5051,
      pid: `slave(1)@${name}:5051`,
    }));
    const answer = agent?.answer(pathname, searchParams, options.body) ?? { status: 200, json: { slaves } };
    return Promise.resolve({ url, headers: {}, text: '', json: undefined, ...answer });
  };
  const client: ClusterClient = { ask, urlFor: (hostAndPort) => `http://${hostAndPort}` };
  return { cluster, client };
}

function neverBefore(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('stopped'));
    });
  });
}
