import { randomUUID } from 'node:crypto';
import { UserError, type Problem } from '../../errors/user-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { isRunning, signalProcess } from '../../platform/processes/process-identity.ts';
import type { PartAction } from '../cluster-runtime.ts';
import { readParts, writeRequest, type ControlRequest } from './part-control.ts';
import { runFolder } from './run-folder.ts';
import { readRunRecord, type RunRecord } from './run-record.ts';

interface AskWorld {
  readonly files: FileSystem;
  readonly clock: Clock;
}

/** Agents stop within their tasks' time; a machine that swaps may take long. */
export const deadlineMs = 60_000;
const lookMs = 5;

/**
 * Has the process of a lab do something with components.
 * @param names of components or nodes; none: all that it makes sense for
 * @throws UserError USAGE_UNKNOWN_NAME and others, with nothing done; COMMAND_FAILED when it could not be done
 */
export async function askProcess(
  world: AskWorld,
  directory: string,
  request: { readonly action: PartAction; readonly names: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  const { files } = world;
  const found = readRunRecord(files, directory);
  if (found.kind !== 'record' || !isRunning(found.record.process)) {
    throw new UserError({ code: 'LAB_NOT_RUNNING', message: 'This lab does not run', fix: 'Start it: npm run up' });
  }
  const { record } = found;
  if (readParts(files, runFolder(directory)) === undefined) throw new UserError(tooOld(record));
  const names = componentsNamed(record, request.action, request.names);
  await answerOf(world, directory, record, { ...request, names });
}

/**
 * Asks the process of a record, and waits for its answer.
 * @throws UserError COMMAND_FAILED with what it says when it could not do that
 */
export async function answerOf(
  { files, clock }: AskWorld,
  directory: string,
  record: RunRecord,
  { action, names, signal }: Omit<ControlRequest, 'id'> & { readonly signal: AbortSignal },
): Promise<void> {
  const folder = runFolder(directory);
  const id = randomUUID();
  writeRequest(files, folder, { id, action, names });
  signalProcess(record.process, 'SIGUSR2');
  const until = clock.now() + deadlineMs;
  for (;;) {
    const { answered } = readParts(files, folder) ?? {};
    if (answered?.id === id) {
      if (answered.error === undefined) return;
      throw failed(action, answered.error.split('\n')[0] ?? '');
    }
    if (!isRunning(record.process)) throw failed(action, 'the process of the lab has ended');
    if (clock.now() > until) throw failed(action, `no answer within ${deadlineMs / 1000} s`);
    await clock.sleep(lookMs, signal);
  }
}

/** @throws UserError with each name that cannot be meant */
function componentsNamed(
  { plan, cluster }: RunRecord,
  action: PartAction,
  names: readonly string[],
): readonly string[] {
  const simulated = cluster.simulatedAgents === undefined ? [] : [cluster.simulatedAgents.id];
  const components = [
    ...plan.nodes.flatMap((node) => node.components),
    ...simulated.map((id) => ({ id, node: id, role: 'mesos-agent' })),
  ];
  const isFor = (role: string) => (action !== 'partition' && action !== 'heal') || role === 'mesos-agent';
  const problems: Problem[] = [];
  const ids = (names.length === 0 ? components.map(({ id }) => id) : names).flatMap((name) => {
    const meant = components.filter(({ id, node }) => id === name || node === name);
    const nodes = new Set(meant.map(({ node }) => node));
    const named = action === 'unplug' ? components.filter(({ node }) => nodes.has(node)) : meant;
    const able = named.filter(({ role }) => isFor(role));
    if (able.length === 0 && names.length > 0) {
      const allowed = components.filter(({ role }) => isFor(role)).map(({ id }) => id);
      problems.push(named.length === 0 ? unknown(name, allowed) : notAnAgent(name, action, allowed));
    }
    return able.map(({ id }) => id);
  });
  const [first, ...more] = problems;
  if (first !== undefined) throw new UserError(first, ...more);
  return [...new Set(ids)];
}

const unknown = (name: string, allowed: readonly string[]): Problem =>
  name.startsWith('zookeeper')
    ? {
        code: 'USAGE_UNKNOWN_NAME',
        message: `the runtime embedded has no ${name}: its masters and Marathons find each other in memory, without ZooKeeper`,
        found: name,
        allowed: allowed.join(', '),
        fix: 'a lab with ZooKeeper: down, then up --runtime docker',
      }
    : {
        code: 'USAGE_UNKNOWN_NAME',
        message: `the lab has no node or component called ${name}`,
        found: name,
        allowed: allowed.join(', '),
      };

const notAnAgent = (name: string, action: PartAction, allowed: readonly string[]): Problem => ({
  code: 'USAGE_ARGUMENTS',
  message: `${action} is for agents, and their way to the masters`,
  found: name,
  allowed: allowed.join(', '),
  fix: `pause ${name} keeps it from answering anybody, kill ${name} ends it`,
});

const tooOld = ({ version }: RunRecord): Problem => ({
  code: 'LAB_NOT_RUNNING',
  message: 'the lab was started by a version that cannot stop its parts one by one',
  found: version,
  fix: 'create-mesos-cluster down, then up',
});

const failed = (action: ControlRequest['action'], found: string) =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: `${action} was not carried out`,
    found,
    fix: 'create-mesos-cluster status shows what each part is in; down, then up starts the lab anew',
  });
