import { isDeepStrictEqual } from 'node:util';
import type { ExecutorInfo, Resource, TaskInfo } from '../../../../protocol/mesos.ts';
import { executorOf } from '../../agents/executors.ts';
import type { OfferRecord } from '../../records.ts';
import { notHonoured, refuseCommand } from './command-fields.ts';
import { refuseId, refuseResources } from './resource-validation.ts';

const rule = '-'.repeat(60);

/**
 * Why an executor may not be launched, in Mesos's words (src/master/validation.cpp, executor::validate).
 * @param executor with its framework's id, and resources that are allocated
 */
function refuseExecutor(executor: ExecutorInfo, { framework, agent }: OfferRecord): string | undefined {
  const { executor_id: id, framework_id: owner, command } = executor;
  const badType = refuseType(executor) ?? refuseId(id.value);
  if (badType !== undefined) return badType;
  const existing = executorOf(agent, framework.id, id.value)?.info;
  if (existing !== undefined && !isDeepStrictEqual(existing, executor)) {
    const [old, now] = [existing, executor].map((info) => JSON.stringify(info, undefined, 2));
    return [
      'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.',
      ...[rule, `Existing ExecutorInfo:\n${old ?? ''}`, rule, `ExecutorInfo:\n${now ?? ''}`, `${rule}\n`],
    ].join('\n');
  }
  if (owner?.value !== framework.id) {
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${owner?.value ?? ''} vs Expected: ${framework.id})`;
  }
  if ((executor.shutdown_grace_period?.nanoseconds ?? 0) < 0) {
    return "ExecutorInfo's 'shutdown_grace_period' must be non-negative";
  }
  const badResources = refuseResources(executor.resources ?? [], 'Executor');
  if (badResources !== undefined) return badResources;
  const badCommand = command === undefined ? undefined : refuseCommand(command);
  if (badCommand !== undefined) return `Executor's \`CommandInfo\` is invalid: ${badCommand}`;
  const badContainer = refuseContainer(executor);
  return badContainer === undefined ? undefined : `Executor's \`ContainerInfo\` is invalid: ${badContainer}`;
}

function refuseType({ type, command, container }: ExecutorInfo): string | undefined {
  if (type === 'CUSTOM' && command === undefined) return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  if (type !== 'DEFAULT') return undefined;
  if (command !== undefined) return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  return container === undefined || container.type === 'MESOS'
    ? undefined
    : "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
}

/** An executor is a process of the agent's machine: it has the agent's network and files. */
function refuseContainer({ container }: ExecutorInfo): string | undefined {
  if (container === undefined) return undefined;
  if (container.type === 'DOCKER') return notHonoured('docker');
  const { type: _, network_infos: networks = [], ...others } = container;
  const [first] = Object.keys(others);
  if (first !== undefined) return notHonoured(first);
  return networks.length > 0 ? notHonoured('network_infos') : undefined;
}

/** Below this a task group's executor is refused; of others Mesos only writes a line (MIN_CPUS and MIN_MEM). */
const minCpus = 0.01;
const minMemMb = 32;

export function refuseGroupExecutor(executor: ExecutorInfo, offer: OfferRecord): string | undefined {
  const problem = refuseExecutor(executor, offer);
  if (problem !== undefined) return problem;
  const { type, executor_id: id, resources = [] } = executor;
  if (type === undefined) return "'ExecutorInfo.type' must be set";
  if (type === 'UNKNOWN') return 'Unknown executor type';
  const amountOf = (name: string) => {
    const all = resources.flatMap((each) => (each.name === name ? [each.scalar?.value ?? 0] : []));
    return all.length === 0 ? undefined : all.reduce((sum, value) => sum + value, 0);
  };
  const [cpus, mem] = [amountOf('cpus'), amountOf('mem')];
  if ((cpus ?? 0) < minCpus) {
    return `Executor '${id.value}' uses less CPUs (${cpus ?? 'None'}) than the minimum required (${minCpus})`;
  }
  if ((mem ?? 0) < minMemMb) {
    const used = mem === undefined ? 'None' : `${mem}MB`;
    return `Executor '${id.value}' uses less memory (${used}) than the minimum required (${minMemMb}MB)`;
  }
  return undefined;
}

/** Of a task that is launched by itself. */
export function refuseTaskExecutor(executor: ExecutorInfo, offer: OfferRecord): string | undefined {
  const problem = refuseExecutor(executor, offer);
  if (problem !== undefined) return problem;
  return executor.type === 'CUSTOM' ? undefined : "'ExecutorInfo.type' must be 'CUSTOM'";
}

/** What a task takes beside its own: its executor's, if that does not run yet. */
export function newExecutorResources({ executor }: TaskInfo, { agent, framework }: OfferRecord): readonly Resource[] {
  if (executor === undefined) return [];
  const isThere = executorOf(agent, framework.id, executor.executor_id.value) !== undefined;
  return isThere ? [] : (executor.resources ?? []);
}
