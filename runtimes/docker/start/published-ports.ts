import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { FindPortHolder } from '../../../platform/network/port-holder.ts';
import type { TryPort } from '../../../platform/network/try-port.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { composeLabels, labLabel } from '../../../protocol/lab-labels.ts';

/** A port that a lab opens on this machine. */
interface PublishedPort {
  readonly component: string;
  readonly role: string;
  readonly port: number;
  readonly isService: boolean;
}

export interface PortWorld {
  readonly engine: DockerEngine;
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
}

function publishedPorts({ nodes }: Plan): readonly PublishedPort[] {
  return nodes.flatMap(({ components }) =>
    components.flatMap(({ id, role, ports }) =>
      ports.flatMap(({ name, published, target, targetEnd = target }) =>
        published === undefined
          ? []
          : Array.from({ length: targetEnd - target + 1 }, (_, index) => ({
              component: id,
              role,
              port: published + index,
              isService: name === 'services',
            })),
      ),
    ),
  );
}

/**
 * The ports on this machine that containers have, which run.
 * @param filters as for labContainers
 */
export async function portsOf(engine: DockerEngine, filters: readonly string[]): Promise<ReadonlySet<number>> {
  const words = filters.flatMap((filter) => ['--filter', filter]);
  const text = await engine.ask(['ps', ...words, '--format', '{{.Ports}}']);
  // `127.0.0.1:11090->9090/tcp, 127.0.0.1:12000-12020->10000-10020/tcp`
  const ranges = [...text.matchAll(/:(\d+)(?:-(\d+))?->/g)].map(([, first, last = first]) => [
    Number(first),
    Number(last),
  ]);
  return new Set(
    ranges.flatMap(([first = 0, last = 0]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
  );
}

/**
 * Looks whether every port that a plan publishes is free, before anything is started.
 * @param own the lab has these already
 * @throws UserError MACHINE_PORT_TAKEN, a problem for each who holds some
 */
export async function checkPublishedPorts(
  plan: Plan,
  world: PortWorld,
  own: ReadonlySet<number> = new Set(),
): Promise<void> {
  const ports = publishedPorts(plan).filter(({ port }) => !own.has(port));
  const codes = await Promise.all(ports.map(({ port }) => world.tryPort(plan.bind, port)));
  const byHolder = new Map<string, PublishedPort[]>();
  for (const [index, each] of ports.entries()) {
    const code = codes[index];
    if (code === undefined) continue;
    const holder = code === 'EADDRINUSE' ? await holderOf(each.port, world) : `the system does not permit it (${code})`;
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), each]);
  }
  if (byHolder.size === 0) return;
  const offset = await freeOffset(plan, ports, world);
  const [first, ...more] = [...byHolder].map(([holder, held]) => portProblem(held, holder, offset));
  if (first !== undefined) throw new UserError(first, ...more);
}

/** The next offset, in hundreds, at which every port is free. */
async function freeOffset({ bind, portOffset }: Plan, ports: readonly PublishedPort[], { tryPort }: PortWorld) {
  for (let step = 100; step <= 2000; step += 100) {
    if (ports.some(({ port }) => port + step > 65_535)) return undefined;
    const codes = await Promise.all(ports.map(({ port }) => tryPort(bind, port + step)));
    if (codes.every((code) => code === undefined)) return portOffset + step;
  }
  return undefined;
}

function portProblem(held: readonly PublishedPort[], holder: string, offset: number | undefined): Problem {
  const own = held.filter(({ isService }) => !isService);
  const services = held.filter(({ isService }) => isService).map(({ port }) => port);
  const [first, last] = [services[0], services.at(-1)];
  const range = first === last ? String(first) : `${first ?? ''}-${last ?? ''}`;
  const words = [
    ...own.map(({ component, port }) => `${port} (${component})`),
    ...(services.length === 0 ? [] : [`${range} (service ports)`]),
  ];
  const flags = [
    ...new Set(own.map(({ role }) => `--port ${role}=PORT`)),
    ...(services.length === 0 ? [] : ['--service-ports FIRST-LAST']),
  ];
  return {
    code: 'MACHINE_PORT_TAKEN',
    message: `${held.length === 1 ? 'a port that the lab needs is' : 'ports that the lab needs are'} taken: ${words.join(', ')}; nothing was started`,
    found: holder,
    fix: `end that; or move all ports with --port-offset ${offset ?? 'N'}; or these with ${flags.join(' ')}, or with ports in mesos-cluster.yaml`,
  };
}

/** The container that has a port, in words, with its lab; undefined when none has, or Docker does not say. */
export async function containerOn(port: number, engine: Pick<DockerEngine, 'run'>): Promise<string | undefined> {
  const format = `{{.Names}}\t{{.Label "${labLabel}"}}\t{{.Label "${composeLabels.directory}"}}`;
  const words = ['ps', '--filter', `publish=${port}`, '--format', format];
  const result = await engine.run(words, { timeoutMs: 10_000 });
  const [line = ''] = result.kind === 'ended' ? result.stdout.split('\n') : [];
  const [name = '', lab = '', folder = ''] = line.split('\t');
  if (lab !== '') return `the lab ${lab} in ${folder} (create-mesos-cluster down ${lab} ends it)`;
  return name === '' ? undefined : `the container ${name}`;
}

/** Who holds a port, in words: a lab, a container, or a process. */
export async function holderOf(port: number, { engine, findPortHolder }: PortWorld): Promise<string> {
  const container = await containerOn(port, engine);
  if (container !== undefined) return container;
  const holder = findPortHolder(port);
  if (holder === undefined) return 'a process that the system does not name';
  const { words: typed, pid, command } = holder;
  const directory = typed.includes('__daemon') ? typed[typed.indexOf('--lab') + 1] : undefined;
  return directory === undefined
    ? `process ${pid}${command === '' ? '' : ` (${command.replace(/\s+/g, ' ').trim()})`}`
    : `the lab in ${directory} (process ${pid}; create-mesos-cluster down --lab ${directory} ends it)`;
}
