import { isUserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { findPortHolder } from '../../platform/network/port-holder.ts';
import { isAtLeast } from '../../runtimes/docker/preflight/requirements.ts';
import { checkPublishedPorts, containerOn } from '../../runtimes/docker/start/published-ports.ts';
import { embeddedCluster, listenersOf } from '../../runtimes/embedded/embedded-cluster.ts';
import { checkPorts } from '../../runtimes/embedded/taken-ports.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { Finding } from './finding.ts';
import { dockerEngineOf, findOnRuntimes, registryOf } from '../running/runtimes.ts';

const oldestNode = '20.12.0';

/** What is needed of this machine for one lab alone. */
export const portsNeed = 'Ports';

export function checkNode({ nodeVersion }: Context): Finding {
  const ok = isAtLeast(nodeVersion, oldestNode);
  return { need: `Node.js ${oldestNode} or newer`, ok, found: nodeVersion, fix: 'install a newer Node.js' };
}

/** What runs of a lab: then its ports are its own. */
export async function runningFinding(context: Context, directory: string): Promise<Finding | undefined> {
  const there = await findOnRuntimes(context, directory);
  if (there?.found.kind !== 'running') return undefined;
  const { processId } = there.found.lab;
  const how = processId === undefined ? `on ${there.runtime.name}` : `process ${processId}`;
  return { need: portsNeed, ok: true, found: `the lab runs (${how})` };
}

/** Whether the ports are free that the lab would listen on without Docker. */
export async function embeddedPorts(context: Context, plan: Plan): Promise<readonly Finding[]> {
  const cluster = embeddedCluster(plan, { ownAddresses: false });
  const ports = listenersOf(cluster).map(({ port }) => port);
  return portFindings(`${ports.join(', ')} are free`, () =>
    checkPorts(plan, cluster, {
      tryPort: context.tryPort,
      findPortHolder,
      containerOn: (port) => containerOn(port, dockerEngineOf(context)),
      registry: registryOf(context),
    }),
  );
}

/** Whether the ports are free that Docker would publish. */
export async function dockerPorts(context: Context, plan: Plan): Promise<readonly Finding[]> {
  const world = { engine: dockerEngineOf(context), tryPort: context.tryPort, findPortHolder };
  return portFindings(`all are free on ${plan.bind}`, () => checkPublishedPorts(plan, world));
}

async function portFindings(free: string, check: () => Promise<void>): Promise<readonly Finding[]> {
  try {
    await check();
    return [{ need: portsNeed, ok: true, found: free }];
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

export async function vagrantFindings(context: Context): Promise<readonly Finding[]> {
  const { runCommand, cwd, signal } = context;
  const result = await runCommand('vagrant', ['--version'], { cwd, stdio: 'capture', signal, timeoutMs: 20_000 });
  const said = result.kind === 'ended' ? (result.exitCode === 0 ? result.stdout : result.stderr).trim() : '';
  const ok = result.kind === 'ended' && result.exitCode === 0 && said !== '';
  const found = result.kind === 'missing' ? 'not on PATH' : (said.split('\n', 1)[0] ?? '');
  const fix = 'install it: https://developer.hashicorp.com/vagrant/install';
  return [{ need: 'Vagrant', ok, found: found === '' ? 'no answer' : found, fix }];
}
