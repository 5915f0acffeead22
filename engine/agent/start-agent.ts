import { parseAttributes } from '../../protocol/parse-attributes.ts';
import type { Component } from '../component.ts';
import { listen, type Handler } from '../http/http-server.ts';
import { ipOf, type AgentOptions, type AgentWorld } from './agent-options.ts';
import { agentResources } from './agent-resources.ts';
import { agentHandler } from './agent-routes.ts';
import { RunningAgent } from './running-agent.ts';
import { TaskTable } from './task-record.ts';

/**
 * Starts an agent: it listens, registers with the leading master and runs the tasks it is given. Its tasks end with
 * it: stop() kills them, and after a crash endOrphans (orphans.ts) does. Like an agent of Mesos after a reboot, it
 * registers as a new one at each start.
 * @throws Error when resources or attributes do not parse; the system's error when the port is taken or workDir cannot
 *   be written
 */
export async function startAgent(given: AgentOptions, world: AgentWorld): Promise<Component> {
  const options = { ...given, workDir: given.workDir.replace(/(?<=.)\/+$/, '') };
  const { sandboxes } = world;
  await sandboxes.makeFolder(options.workDir);
  const resources = agentResources(options.resources, await sandboxes.machine(options.workDir));
  const attributes = parseAttributes(options.attributes);
  const table = new TaskTable(options.workDir, (record) => void sandboxes.remove(record.directory));
  let handler: Handler = () => ({ status: 503 });
  const server = await listen({
    host: options.host,
    port: options.port,
    handler: (request) => handler(request),
    log: world.log,
    names: [options.hostname, ipOf(options)],
  });
  const agent = new RunningAgent({ options, world, table, resources, attributes, port: server.port });
  handler = agentHandler(agent.view);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await agent.stop();
    await server.close();
  };
  return { url: `http://${ipOf(options)}:${server.port}`, stop: () => (stopping ??= stop()) };
}
