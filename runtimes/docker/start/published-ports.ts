import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { FindPortHolder } from '../../../platform/network/port-holder.ts';
import type { TryPort } from '../../../platform/network/try-port.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { movedBy, portFix, type UpWith } from '../../port-moves.ts';
import { composeLabels, labLabel } from '../../../protocol/lab-labels.ts';

/** A port that a lab opens on this machine. */
interface PublishedPort {
  readonly component: string;
  /** As in movedBy. */
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
  const components = nodes.flatMap((node) => node.components);
  return components.flatMap((component) =>
    component.ports.flatMap((planned) => {
      const { name, published, target, targetEnd = target } = planned;
      if (published === undefined) return [];
      const common = { component: component.id, role: movedBy(component, planned), isService: name === 'services' };
      return Array.from({ length: targetEnd - target + 1 }, (_, index) => ({ ...common, port: published + index }));
    }),
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
 * @param upWith as in StartOptions
 * @throws UserError MACHINE_PORT_TAKEN, a problem for each who holds some
 */
export async function checkPublishedPorts(
  plan: Plan,
  world: PortWorld,
  own: ReadonlySet<number> = new Set(),
  upWith?: UpWith,
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
  const held = [...byHolder.values()].flat();
  const fix = await portFix({
    ...{ plan, tryPort: world.tryPort, upWith },
    roles: new Set(held.filter(({ isService }) => !isService).map(({ role }) => role)),
    services: held.some(({ isService }) => isService),
    listeners: publishedPorts(plan).flatMap(({ role, port, isService }) =>
      isService ? [] : [{ role, port, host: plan.bind }],
    ),
  });
  const [first, ...more] = [...byHolder].map(([holder, ports]) => portProblem(ports, holder, fix));
  if (first !== undefined) throw new UserError(first, ...more);
}

function portProblem(held: readonly PublishedPort[], holder: string, fix: string): Problem {
  const own = held.filter(({ isService }) => !isService);
  const services = held.filter(({ isService }) => isService).map(({ port }) => port);
  const [first, last] = [services[0], services.at(-1)];
  const range = first === last ? String(first) : `${first ?? ''}-${last ?? ''}`;
  const words = [
    ...own.map(({ component, port }) => `${port} (${component})`),
    ...(services.length === 0 ? [] : [`${range} (service ports)`]),
  ];
  return {
    code: 'MACHINE_PORT_TAKEN',
    message: `${held.length === 1 ? 'a port that the lab needs is' : 'ports that the lab needs are'} taken: ${words.join(', ')}; nothing was started`,
    found: holder,
    fix,
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
