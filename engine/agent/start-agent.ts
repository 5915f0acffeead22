import { terminalStates } from '../../protocol/mesos.ts';
import { parseAttributes } from '../../protocol/parse-attributes.ts';
import { itemsOf } from '../../protocol/parse-value.ts';
import type { Component } from '../component.ts';
import { listen, type Handler } from '../http/http-server.ts';
import { ipOf, type AgentOptions, type AgentWorld } from './agent-options.ts';
import { agentResources } from './agent-resources.ts';
import { agentHandler } from './views/agent-routes.ts';
import { dockerContainers, type DockerContainers } from './docker/docker-containers.ts';
import {
  containerRecords,
  forgetContainers,
  noContainerRecords,
  readContainers,
  type ContainerRecord,
  type ContainerRecords,
} from './containers/container-records.ts';
import { textOfId } from './containers/container-id.ts';
import { endOrphans, survivingSandboxes, type OfProcess } from './recovery/orphans.ts';
import type { AgentInfo } from './recovery/agent-info.ts';
import { fileCheckpoints, noCheckpoints, type Checkpoints } from './recovery/checkpoints.ts';
import { readFormerAgent, removeStrangers, type FormerAgent } from './recovery/former-agent.ts';
import { RunningAgent } from './running-agent.ts';
import { readHeldRecord } from './volumes/held-resources.ts';
import { TaskTable } from './tasks/task-table.ts';

/** What a former agent left was ended, as `--recover=cleanup` asks: nothing went wrong, but there is no agent now. */
export class CleanedUp extends Error {
  override readonly name = 'CleanedUp';
}

/**
 * Starts an agent: it listens, registers with the leading master and runs the tasks it is given. What becomes of tasks
 * when it stops, and of those that a former agent in the same folder had, `recovery` says. Without it all end: stop()
 * kills them, after a crash endOrphans (orphans.ts) does, and each start is a new agent.
 * @param signal ends the wait for the Docker Engine
 * @throws Error when resources or attributes do not parse, Docker does not answer, or the agent is another one than it
 *   was, in Mesos's words; CleanedUp; the system's error when the port is taken or workDir cannot be written
 */
export async function startAgent(given: AgentOptions, world: AgentWorld, signal?: AbortSignal): Promise<Component> {
  const options = { ...given, workDir: given.workDir.replace(/(?<=.)\/+$/, '') };
  const { sandboxes } = world;
  await sandboxes.makeFolder(options.workDir);
  const resources = agentResources(options.resources, await sandboxes.machine(options.workDir));
  const attributes = itemsOf(parseAttributes(options.attributes));
  let handler: Handler = () => ({ status: 503 });
  const server = await listen({
    host: options.host,
    port: options.port,
    handler: (request) => handler(request),
    log: world.log,
    names: [options.hostname, ipOf(options)],
  });
  const info = { hostname: options.hostname, port: server.port, resources, attributes };
  const recovered = await recover(options, info, world, signal)
    .then(async (parts) => ({ ...parts, held: await readHeldRecord(options.workDir, resources, sandboxes) }))
    .catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
  const { docker, checkpoints } = recovered;
  const table = new TaskTable(options.workDir, (record) => {
    // A task that a program runs has the sandbox of that.
    if (!('task' in record) || record.directory !== record.executor?.directory) void sandboxes.remove(record.directory);
    void checkpoints.forget(record);
    docker?.forget(record.containerId);
  });
  if (options.logFile !== undefined) table.attached.set('/slave/log', options.logFile);
  const agent = new RunningAgent({ options, world, table, resources, attributes, port: server.port, ...recovered });
  handler = agentHandler(agent.view);
  let stopping: Promise<void> | undefined;
  const end = async (agentEnds: Promise<void>) => {
    await agentEnds;
    await server.close();
  };
  return {
    url: `http://${ipOf(options)}:${server.port}`,
    stop: () => (stopping ??= end(agent.stop())),
    leave: () => (stopping ??= end(agent.leave())),
  };
}

interface Recovered {
  readonly docker?: DockerContainers;
  readonly checkpoints: Checkpoints;
  readonly former?: FormerAgent;
  readonly containerRecords: ContainerRecords;
  readonly formerContainers?: readonly ContainerRecord[];
}

/** Finds out what is there of a former agent, and ends what nobody goes on with. */
async function recover(
  options: AgentOptions,
  info: AgentInfo,
  world: AgentWorld,
  signal: AbortSignal | undefined,
): Promise<Recovered> {
  const { workDir, dockerTasks, recovery = 'none', strict = true } = options;
  const { sandboxes, log } = world;
  const docker = typeof dockerTasks === 'string' ? undefined : await dockerContainers(options, dockerTasks, world);
  const found = (await docker?.list(signal)) ?? [];
  if (recovery === 'none') {
    await docker?.removeOrphans(found, new Set(), new Set());
    const checkpoints = noCheckpoints;
    return { ...(docker !== undefined && { docker }), checkpoints, containerRecords: noContainerRecords };
  }
  const isCleanup = recovery === 'cleanup';
  // Whoever upgrades to another agent need not be the agent that was.
  const former = await readFormerAgent({ workDir, ...(isCleanup ? {} : { info }), isStrict: strict, sandboxes, log });
  const formerContainers = isCleanup ? [] : await readContainers(workDir, sandboxes);
  const survivors = isCleanup ? new Set<string>() : await survivorsOf(workDir, former, formerContainers, world);
  const isKept = ({ containerId, directory }: OfProcess) =>
    world.outliving?.running.has(containerId) === true || survivors.has(directory);
  // Without a sandbox there never was a task, and no look at all processes of the machine is needed.
  const kinds = await Promise.all(['slaves', 'containers'].map((folder) => sandboxes.kindOf(`${workDir}/${folder}`)));
  const hadTasks = kinds.some((kind) => kind !== undefined);
  const ended = hadTasks ? await endOrphans(workDir, world, isKept) : 0;
  if (ended > 0) log(`Ended the processes of ${ended} tasks that a former agent left`);
  const kept = isCleanup ? [] : former.tasks.filter((task) => !terminalStates.has(task.state));
  await docker?.removeOrphans(found, new Set(kept.map(({ containerId }) => containerId)), former.containerIds);
  const checkpoints = fileCheckpoints(workDir, sandboxes);
  if (isCleanup) {
    await checkpoints.startOver();
    await forgetContainers(workDir, sandboxes);
    throw new CleanedUp('What the former agent left was ended (--recover=cleanup); start the agent without that flag');
  }
  await removeStrangers(workDir, former, sandboxes);
  return {
    ...(docker !== undefined && { docker }),
    ...{ checkpoints, former, formerContainers, containerRecords: containerRecords(workDir, sandboxes) },
  };
}

/** Sandboxes of what should run on, and of which enough is there to go on with it. */
async function survivorsOf(
  workDir: string,
  { tasks, executors }: FormerAgent,
  containers: readonly ContainerRecord[],
  { survivors, outliving, sandboxes }: AgentWorld,
): Promise<ReadonlySet<string>> {
  const owners = [
    ...tasks.filter(({ state }) => !terminalStates.has(state)),
    ...executors.filter(({ isCompleted }) => !isCompleted),
  ].map(({ directory }) => directory);
  const folders = [workDir, ...owners].map((each) => `${each}/containers/`);
  const asked = containers.filter(({ directory }) => folders.some((folder) => directory.startsWith(folder)));
  if (outliving !== undefined) {
    const running = asked.filter(({ id }) => outliving.running.has(textOfId(id)));
    return new Set(running.map(({ directory }) => directory));
  }
  if (survivors === undefined) return new Set();
  const there = await survivingSandboxes(workDir, sandboxes);
  return new Set([...owners, ...asked.map(({ directory }) => directory)].filter((each) => there.has(each)));
}
