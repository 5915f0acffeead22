import { setMaxListeners } from 'node:events';
import { composeFiles } from '../../../generators/compose/compose-files.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { Role } from '../../../planning/catalogue/roles.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import type { StartOptions } from '../../../runtimes/cluster-runtime.ts';
import type { HostsWorld } from '../../../runtimes/hosts/hosts-world.ts';
import { fakeCompose } from '../docker/fake-compose.ts';

/** One call of a program. */
export interface FakeCall {
  readonly endpoint: string;
  /** Behind `docker --host ENDPOINT`. */
  readonly words: readonly string[];
}

/** Machines that exist only as answers to `docker`: each command takes a while, and is written down. */
export interface FakeMachines {
  readonly runCommand: RunCommand;
  readonly calls: readonly FakeCall[];
  /** How many commands ran at the same time at most. */
  readonly most: () => number;
  /** Endpoints of which `docker compose up` was called, in its order, with the services. */
  readonly ups: () => readonly string[];
}

const ok = (stdout = ''): CommandResult => ({ kind: 'ended', exitCode: 0, stdout, stderr: '' });

/** @param answer what a call is answered instead of what a healthy Engine says */
export function fakeMachines(
  delayMs: number,
  answer: (
    call: FakeCall,
    options: Parameters<RunCommand>[2],
  ) => CommandResult | Promise<CommandResult> | undefined = () => undefined,
): FakeMachines {
  const calls: FakeCall[] = [];
  const containers = new Map<string, string[]>();
  let running = 0;
  let most = 0;
  const runCommand: RunCommand = async (_, given, options) => {
    const { signal } = options;
    const [endpoint, words] = given[0] === '--host' ? [given[1] ?? '', given.slice(2)] : ['here', given];
    const call = { endpoint, words };
    calls.push(call);
    if (words[0] === 'events') {
      setMaxListeners(0, signal);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve({ kind: 'stopped' });
        });
      });
    }
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    running--;
    if (signal.aborted) return { kind: 'stopped' };
    return (await answer(call, options)) ?? healthy(call, containers);
  };
  return {
    runCommand,
    calls,
    most: () => most,
    ups: () =>
      calls
        .filter(({ words }) => words[0] === 'compose' && words.includes('up') && !words.includes('--dry-run'))
        .map(({ endpoint, words }) =>
          [endpoint, ...words.slice(words.indexOf('never', words.indexOf('up')) + 1)].join(' '),
        ),
  };
}

function healthy({ endpoint, words }: FakeCall, containers: Map<string, string[]>): CommandResult {
  const own = containers.get(endpoint) ?? [];
  switch (words[0]) {
    case 'version':
      return ok(
        JSON.stringify({
          Server: { Version: '28.0.0', ApiVersion: '1.48', MinAPIVersion: '1.24', Os: 'linux', Arch: 'amd64' },
        }),
      );
    case 'info': {
      const plugins = [{ Name: 'compose', Version: '2.30.0' }];
      return ok(
        JSON.stringify({
          ID: endpoint,
          MemTotal: 8e9,
          CgroupVersion: '2',
          SystemTime: new Date().toISOString(),
          ClientInfo: { Plugins: plugins },
        }),
      );
    }
    case 'compose':
      if (words.includes('up')) containers.set(endpoint, ['c1']);
      return ok();
    case 'ps':
      return ok(words.includes('--quiet') ? own.join('\n') : '');
    case 'rm':
      containers.delete(endpoint);
      return ok(own.join('\n'));
    case 'image':
      return ok('linux/amd64\t');
    default:
      return ok();
  }
}

/** A world of fake machines around a real folder. */
export function fakeWorld(machines: FakeMachines, plan: Plan, files: FileSystem = nodeFileSystem): HostsWorld {
  const never = new AbortController().signal;
  return {
    files,
    clock: { now: () => performance.now(), sleep: (_ms, signal) => systemClock.sleep(0, signal) },
    runCommand: machines.runCommand,
    loadCompose: fakeCompose(machines.runCommand),
    env: {},
    cwd: '/',
    toolFolder: '/',
    signal: never,
    tryPort: () => Promise.resolve(undefined),
    findPortHolder: () => undefined,
    hasTerminal: () => false,
    planOf: () => Promise.resolve(plan),
    composeFiles,
    streams: {
      pipe: (_, targets) => Promise.resolve({ source: ok(), targets: targets.map(() => ok()) }),
      toFile: () => Promise.resolve(ok()),
    },
    openTunnel: (destination) =>
      Promise.resolve({ kind: 'failed', words: `no tunnels here: ${destination.host}`, timedOut: false }),
    nodeTexts: (given) => new Map(composeFiles(given).map(({ path, content }) => [path.split('/')[1] ?? '', content])),
    registry: { add: () => undefined, remove: () => undefined, started: () => [] },
    freeSpace: () => undefined,
    timeConnect: () => Promise.resolve({ kind: 'failed', words: 'no answer' }),
  };
}

/** Labs without ZooKeeper would wait for nobody; this one has everything on the first node but the agents. */
export function planWithAgents(count: number, more: Partial<ClusterSpec> = {}): Plan {
  const node = (index: number, roles: Role[]) => ({
    name: `node${String(index)}`,
    address: `10.0.0.${String(index)}`,
    docker: `unix:///node${String(index)}.sock`,
    roles,
  });
  const agents = Array.from({ length: count - 1 }, (_, index) => node(index + 2, ['mesos-agent']));
  const nodes = [node(1, ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb']), ...agents];
  return planCluster({ name: 'fake', placement: 'machines', nodes, ...more });
}

export interface Heard {
  readonly steps: string[];
  readonly notes: string[];
}

/** Options of a start that are heard. */
export function heardOptions(plan: Plan, signal: AbortSignal = new AbortController().signal): StartOptions & Heard {
  const steps: string[] = [];
  const notes: string[] = [];
  return {
    ...{ plan, settings: [], timeoutMs: 60_000, force: false, retain: false, signal, steps, notes },
    tell: {
      step: ({ title }, action) => {
        steps.push(title);
        return action(() => undefined);
      },
      note: (text) => notes.push(text),
      warn: (text) => notes.push(text),
    },
  };
}
