import { createServer, type Server } from 'node:http';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { portMappingsOf } from '../tasks/port-mappings.ts';
import type { Executor, RunningTask, TaskEnd } from './executor.ts';
import { ownAddress } from './simulated-address.ts';

/**
 * Stands in for Docker where there is none. No container and no process: the ports that the container would have on
 * the agent, and at an address of its own, answer HTTP, whatever the path, and every answer says that it is simulated.
 * The task's command belongs inside the image and is not run.
 */
export function simulatedDockerExecutor(host: string, sandboxes: Sandboxes): Executor {
  return {
    launch: async ({ task, directory }) => {
      const image = imageOf(task);
      const text = describe(task, image);
      await sandboxes.append(`${directory}/stdout`, `${text}${describeCommand(task)}`);
      await sandboxes.append(`${directory}/stderr`, '');
      const servers: Server[] = [];
      const own = ownAddress(task);
      try {
        for (const port of hostPorts(task)) servers.push(await serve(host, port, image, text));
        for (const port of own?.ports ?? []) servers.push(await serveAt(own?.host ?? host, port, image, text));
      } catch (error) {
        await closeAll(servers);
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`Failed to run simulated container of image ${image}: ${reason}`);
      }
      return { ...toRunningTask(servers, image), ...(own !== undefined && { ipAddress: own.host }) };
    },
  };
}

/** The image of a task's container, if it has one: such a task needs Docker (or Mesos's image provisioner). */
export function containerImage(task: TaskInfo): string | undefined {
  const container = task.container as { docker?: { image?: unknown }; mesos?: MesosImage } | undefined;
  const image = container?.docker?.image ?? container?.mesos?.image?.docker?.name;
  return typeof image === 'string' ? image : undefined;
}

/** ContainerInfo.MesosInfo of mesos.proto. */
interface MesosImage {
  readonly image?: { readonly docker?: { readonly name?: unknown } };
}

const imageOf = (task: TaskInfo) => containerImage(task) ?? 'unknown';

const describe = (task: TaskInfo, image: string) =>
  [
    'This is a simulated container: there is no Docker here.',
    `image: ${image}`,
    `task: ${task.task_id.value}`,
    'simulated by create-mesos-cluster',
    '',
  ].join('\n');

function describeCommand({ command }: TaskInfo): string {
  const words = [command?.value ?? '', ...(command?.arguments ?? [])].filter((word) => word !== '');
  if (words.length === 0) return '';
  return `The command of the task belongs inside the image, and was not run: ${words.join(' ')}\n`;
}

/** Ports on the agent that the container would answer at: those it maps, or with the host's network all it was given. */
export function hostPorts({ container, resources }: TaskInfo): readonly number[] {
  const mappings = portMappingsOf(container);
  if (mappings.length > 0) {
    const tcp = mappings.filter(({ protocol }) => protocol === undefined || protocol.split(',').includes('tcp'));
    return [...new Set(tcp.map((mapping) => mapping.host_port))].filter((port) => port > 0);
  }
  const ranges = resources.filter(({ name }) => name === 'ports').flatMap(({ ranges }) => ranges?.range ?? []);
  const ports = ranges.flatMap(({ begin, end }) =>
    Array.from({ length: Math.min(end - begin + 1, maxPorts + 1) }, (_, index) => begin + index),
  );
  if (ports.length > maxPorts) throw new Error(`A simulated container answers at no more than ${maxPorts} ports`);
  return [...new Set(ports)];
}

const maxPorts = 64;

/** Not a server of the engine's API, so it takes any Host: a load balancer in front of it passes on what it got. */
function serve(host: string, port: number, image: string, text: string): Promise<Server> {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    // Headers hold no line ends and only Latin-1.
    'X-Simulated-Container': encodeURI(image),
  };
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 15_000, requireHostHeader: false },
    (message, response) => {
      response.on('error', () => undefined);
      message.on('error', () => undefined).resume();
      response.writeHead(200, headers).end(message.method === 'HEAD' ? undefined : text);
    },
  );
  server.maxConnections = 512;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject).on('error', () => undefined);
      resolve(server);
    });
  });
}

/** Each task has another address: without it they fail with the same words. */
async function serveAt(host: string, port: number, image: string, text: string): Promise<Server> {
  try {
    return await serve(host, port, image, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`port ${port} of an address of its own: ${code}`, { cause: error });
  }
}

const closeAll = (servers: readonly Server[]) =>
  Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    ),
  );

function toRunningTask(servers: readonly Server[], image: string): RunningTask {
  let end: (end: TaskEnd) => void = () => undefined;
  const ended = new Promise<TaskEnd>((resolve) => {
    end = resolve;
  });
  return {
    message: `Simulated container of image ${image}: there is no Docker here`,
    ended,
    kill: () => {
      void closeAll(servers).then(() => {
        end({ succeeded: false, message: 'Simulated container stopped' });
      });
    },
  };
}
