import type { CommandInfo, CommandUri, Offer, Resource, TaskInfo } from '../../../protocol/mesos.ts';
import type { Job } from '../jobs/job.ts';
import type { Run } from '../runs/run.ts';
import { containerInfo } from './build-container.ts';
import { javaDouble } from './meets-constraints.ts';

const scalars = ['cpus', 'mem', 'disk'] as const;

export const amountIn = ({ resources }: Offer, name: string, role: string): number =>
  resources.find((each) => each.name === name && isFor(each, role))?.scalar?.value ?? 0;

const isFor = ({ role = '*' }: Resource, own: string) => role === '*' || role === own;

/** The TaskInfo of a run (MesosTaskBuilder.scala of Chronos). */
export function buildTask(job: Job, run: Run, offer: Offer): TaskInfo {
  const container = job.container === undefined ? undefined : containerInfo(job.container);
  const common = {
    name: `ChronosTask:${job.name}`,
    task_id: { value: run.taskId },
    agent_id: offer.agent_id,
    resources: scalars.map((name) => resourceOf(name, job[name], offer)),
    ...(job.maxCompletionTime > 0 && { max_completion_time: { nanoseconds: job.maxCompletionTime * 1e9 } }),
  };
  if (job.executor !== '') return { ...common, ...executorOf(job, run, offer) };
  return { ...common, command: commandOf(job, run, offer), ...(container !== undefined && { container }) };
}

/** Those that are reserved go first. */
function resourceOf(name: string, value: number, { resources }: Offer): Resource {
  const reserved = resources.find(
    (each) => each.name === name && each.role !== undefined && each.role !== '*' && (each.scalar?.value ?? 0) >= value,
  );
  return { name, type: 'SCALAR', scalar: { value }, role: reserved?.role ?? '*' };
}

function commandOf(job: Job, run: Run, offer: Offer): CommandInfo {
  const common = {
    environment: environmentOf(job, run, offer),
    ...(job.runAsUser !== '' && { user: job.runAsUser }),
  };
  const more = run.arguments ?? '';
  const line = more === '' ? job.command : `${job.command} ${more}`;
  // A command that is a URL is fetched, and run.
  if (/^(?:http|ftp)/.test(job.command)) {
    const uris = [...urisOf(job), { value: job.command, executable: true }];
    return { ...common, uris, value: `".${job.command.slice(job.command.lastIndexOf('/'))}"` };
  }
  const uris = urisOf(job);
  const withUris = uris.length > 0 ? { uris } : {};
  if (job.shell) return { ...common, ...withUris, shell: true, value: line };
  const words = [...job.arguments, ...more.split(/\s+/).filter((word) => word !== '')];
  // Of a program the first word is its name; Docker has an entry point for that.
  const isDocker = job.container?.type === 'DOCKER';
  return {
    ...{ ...common, ...withUris, shell: false },
    ...(job.command !== '' && { value: job.command }),
    arguments: isDocker || job.command === '' ? words : [job.command, ...words],
  };
}

/** An executor of the job's own: its command is what the job's `executor` says. */
function executorOf(job: Job, run: Run, offer: Offer): Pick<TaskInfo, 'executor' | 'data'> {
  const uris = urisOf(job);
  const data = job.taskInfoData === '' ? `${job.executorFlags}|${job.command}` : job.taskInfoData;
  return {
    executor: {
      executor_id: { value: job.name },
      framework_id: offer.framework_id,
      command: {
        value: job.executor,
        environment: environmentOf(job, run, offer),
        ...(uris.length > 0 && { uris }),
        ...(job.runAsUser !== '' && { user: job.runAsUser }),
      },
      ...(job.container !== undefined && { container: containerInfo(job.container) }),
    },
    data: Buffer.from(data).toString('base64'),
  };
}

const urisOf = ({ fetch, uris }: Job): readonly CommandUri[] => [
  ...fetch.map(({ uri, extract, executable, cache, output_file }) => ({
    ...{ value: uri, extract, executable, cache },
    ...(output_file !== '' && { output_file }),
  })),
  ...uris.map((value) => ({ value, extract: true, executable: false, cache: false })),
];

/** A job's own variables may not take the place of Chronos's. */
function environmentOf(job: Job, run: Run, { hostname }: Offer) {
  const own = {
    mesos_task_id: run.taskId,
    MESOS_TASK_ID: run.taskId,
    CHRONOS_JOB_OWNER: job.owner,
    CHRONOS_JOB_NAME: job.name,
    HOST: hostname,
    CHRONOS_RESOURCE_MEM: javaDouble(job.mem),
    CHRONOS_RESOURCE_CPU: javaDouble(job.cpus),
    CHRONOS_RESOURCE_DISK: javaDouble(job.disk),
    CHRONOS_JOB_RUN_TIME: String(run.due),
    CHRONOS_JOB_RUN_ATTEMPT: String(run.attempt),
  };
  const given = job.environmentVariables.map(({ name, value }) => [name, value] as const);
  const variables = { ...Object.fromEntries([...given].reverse()), ...own };
  return { variables: Object.entries(variables).map(([name, value]) => ({ name, value })) };
}
