import { serverPool } from './server-pool.ts';
import { openService, type ServiceListener } from './service-listener.ts';
import type { Service } from './service-table.ts';

export interface ManagerOptions {
  readonly host: string;
  readonly servicePorts: { readonly first: number; readonly last: number };
  readonly log: (line: string) => void;
}

/** The open service ports. */
export interface ServiceManager {
  /** Opens, changes and closes ports as the table says; calls are worked off one after another. */
  readonly apply: (table: readonly Service[]) => Promise<void>;
  /** By port. */
  readonly listeners: () => readonly ServiceListener[];
  /** Whether a task gets connections now. */
  readonly isServing: (taskId: string) => boolean;
  readonly close: () => Promise<void>;
}

/** Keeps the open ports in step with the table. A port that cannot be had is said once, and tried again each time. */
export function serviceManager({ host, servicePorts, log }: ManagerOptions): ServiceManager {
  const open = new Map<number, ServiceListener>();
  const draining = new Set<ServiceListener>();
  const complaints = new Map<number, string>();
  let isClosed = false;
  let queue: Promise<void> = Promise.resolve();

  function complain(port: number, text: string): void {
    if (complaints.get(port) === text) return;
    complaints.set(port, text);
    log(text);
  }
  function retire(port: number, listener: ServiceListener): void {
    open.delete(port);
    listener.pool.update({ ...listener.pool.service(), servers: [] });
    draining.add(listener);
    listener.drain();
    void listener.drained.then(() => draining.delete(listener));
    log(`service port ${port}: closed (${listener.pool.service().appId})`);
  }
  async function openOne(service: Service): Promise<void> {
    const { port, appId, mode } = service;
    if (port < servicePorts.first || port > servicePorts.last) {
      const range = `${servicePorts.first}-${servicePorts.last}`;
      complain(port, `service port ${port} of ${appId} is not served: it is outside ${range}`);
      return;
    }
    try {
      const listener = await openService(serverPool(service), host, log);
      open.set(port, listener);
      complaints.delete(port);
      log(`service port ${port}: ${mode} for ${appId}, ${countOf(service)}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      complain(port, `service port ${port} of ${appId} is not served: ${reason}`);
    }
  }
  async function applyNow(table: readonly Service[]): Promise<void> {
    if (isClosed) return;
    const wanted = new Map(table.map((service) => [service.port, service]));
    for (const [port, listener] of open) {
      const service = wanted.get(port);
      const { appId, mode } = listener.pool.service();
      if (service === undefined || service.appId !== appId || service.mode !== mode) retire(port, listener);
    }
    for (const service of wanted.values()) {
      const listener = open.get(service.port);
      if (listener === undefined) await openOne(service);
      else if (change(listener, service)) log(`service port ${service.port}: ${countOf(service)} of ${service.appId}`);
    }
  }
  return {
    apply: (table) => (queue = queue.then(() => applyNow(table))),
    listeners: () => [...open.entries()].sort(([a], [b]) => a - b).map(([, listener]) => listener),
    isServing: (taskId) =>
      [...open.values()].some(({ pool }) => pool.servers().some(({ address }) => address.taskId === taskId)),
    close: async () => {
      isClosed = true;
      await queue;
      await Promise.all([...open.values(), ...draining].map((listener) => listener.close()));
      open.clear();
    },
  };
}

const countOf = ({ servers }: Service) => `${servers.length} ${servers.length === 1 ? 'task' : 'tasks'}`;

/** @returns whether other tasks serve now */
function change({ pool }: ServiceListener, service: Service): boolean {
  const names = () =>
    pool
      .servers()
      .map(({ address }) => `${address.taskId} ${address.name}`)
      .join();
  const before = names();
  pool.update(service);
  return names() !== before;
}
