import { isUserError } from '../errors/user-error.ts';
import type { Context } from '../platform/context.ts';
import { findPortHolder } from '../platform/port-holder.ts';
import { tryPort } from '../platform/try-port.ts';
import { embeddedCluster, listenersOf } from '../runtimes/embedded/embedded-cluster.ts';
import { checkPorts as checkClusterPorts } from '../runtimes/embedded/taken-ports.ts';
import type { Plan } from '../spec/plan.ts';
import { isAtLeast } from './compare-versions.ts';
import { embeddedOf, registryOf } from './runtimes.ts';

/** One thing that a lab needs, and whether this machine has it. */
export interface Finding {
  readonly need: string;
  readonly ok: boolean;
  /** The version, or what is wrong. */
  readonly found: string;
  readonly fix?: string;
}

const oldestNode = '20.12.0';
/** The first Compose with everything that the generated files use: `depends_on` conditions with `restart`. */
const oldestCompose = '2.20.0';

/** What is needed of this machine for one lab alone. */
export const portsNeed = 'Ports';

export function checkNode({ nodeVersion }: Context): Finding {
  const ok = isAtLeast(nodeVersion, oldestNode);
  return { need: `Node.js ${oldestNode} or newer`, ok, found: nodeVersion, fix: 'install a newer Node.js' };
}

/** Whether the lab's ports are free; one that runs has its own. */
export async function checkPorts(context: Context, plan: Plan, directory: string): Promise<readonly Finding[]> {
  const running = embeddedOf(context).find({ directory });
  if (running.kind === 'running') {
    return [{ need: portsNeed, ok: true, found: `the lab runs (process ${running.lab.processId ?? 0})` }];
  }
  const cluster = embeddedCluster(plan, { portOffset: 0, ownAddresses: false });
  try {
    await checkClusterPorts(plan, cluster, { tryPort, findPortHolder, registry: registryOf(context) });
    const ports = listenersOf(cluster).map(({ port }) => port);
    return [{ need: portsNeed, ok: true, found: `${ports.join(', ')} are free` }];
  } catch (error) {
    if (!isUserError(error)) throw error;
    return error.problems.map(({ message, found = '', fix = '' }) => ({
      need: portsNeed,
      ok: false,
      found: `${message}${found === '' ? '' : `; by ${found}`}`,
      fix,
    }));
  }
}

/** What a program answers, on one line; or why it does not. */
async function answer(context: Context, program: string, ...words: string[]): Promise<{ ok: boolean; found: string }> {
  const options = { cwd: context.cwd, stdio: 'capture', signal: context.signal, timeoutMs: 20_000 } as const;
  const result = await context.runCommand(program, words, options);
  if (result.kind === 'missing') return { ok: false, found: 'not on PATH' };
  if (result.kind === 'stopped') return { ok: false, found: 'no answer' };
  const [first = ''] = (result.exitCode === 0 ? result.stdout : result.stderr).trim().split('\n');
  return { ok: result.exitCode === 0 && first !== '', found: first === '' ? 'no answer' : first };
}

export async function dockerFindings(context: Context): Promise<readonly Finding[]> {
  const compose = await answer(context, 'docker', 'compose', 'version', '--short');
  return [
    {
      need: 'Docker client',
      ...(await answer(context, 'docker', '--version')),
      fix: 'install Docker: https://docs.docker.com/get-docker/',
    },
    {
      need: 'Docker Engine answers',
      ...(await answer(context, 'docker', 'version', '--format', '{{.Server.Version}}')),
      fix: 'start Docker (Docker Desktop, or systemctl start docker), and let your user talk to it (group docker)',
    },
    {
      need: `Compose ${oldestCompose} or newer`,
      ok: compose.ok && isAtLeast(compose.found, oldestCompose),
      found: compose.found,
      fix: 'install the Compose plugin: https://docs.docker.com/compose/install/',
    },
  ];
}

export async function vagrantFindings(context: Context): Promise<readonly Finding[]> {
  const found = await answer(context, 'vagrant', '--version');
  return [{ need: 'Vagrant', ...found, fix: 'install it: https://developer.hashicorp.com/vagrant/install' }];
}
