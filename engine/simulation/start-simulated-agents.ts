import type { ChannelCall, ChannelEvent } from '../../protocol/agent-api.ts';
import { agentDefaults, silenceMs } from '../../protocol/mesos-defaults.ts';
import type { FrameworkInfo } from '../../protocol/mesos.ts';
import type { Component } from '../component.ts';
import { listen, type Handler } from '../http/http-server.ts';
import { agentTexts } from './agent-texts.ts';
import { SharedSession } from './shared-session.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import type { SimulationOptions, SimulationWorld } from './simulation-options.ts';
import { simulationHandler } from './simulation-views.ts';
import { Timetable } from './timetable.ts';

/**
 * Starts agents whose tasks are simulated. They share what ten thousand cannot have each: an HTTP server, a stream from
 * the master and a connection for their calls, and a timer.
 * @throws Error when resources or attributes do not parse; the system's error when the port is taken
 */
export async function startSimulatedAgents(options: SimulationOptions, world: SimulationWorld): Promise<Component> {
  let handler: Handler = () => ({ status: 503 });
  const { host, port } = options;
  const server = await listen({ host, port, handler: (request) => handler(request), log: world.log });
  try {
    const { view, stop } = simulate(options, world, server.port);
    handler = simulationHandler(view, world.log);
    return {
      url: server.url,
      stop: () => {
        stop();
        return server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function simulate(options: SimulationOptions, world: SimulationWorld, port: number) {
  const { log, random } = world;
  const { tasks, host: ip, masters } = options;
  const {
    registrationBackoffMs: backoffMs = agentDefaults.registrationBackoffMs,
    maxRegistrationBackoffMs: maxBackoffMs = agentDefaults.maxRegistrationBackoffMs,
  } = options;
  const frameworks = new Map<string, FrameworkInfo>();
  const waiting = new Set<string>();
  const timetable = new Timetable();
  const channels = new Map<number, SimulatedAgent>();
  let lastChannel = 0;
  const texts = agentTexts(options, port);
  const around = {
    ...{ ip, tasks, timetable, random, backoffMs, maxBackoffMs, frameworks, waiting, log },
    statusRetryMs: options.statusRetryMs ?? 10_000,
    send: (call: Parameters<SharedSession['send']>[0]) => {
      session.send(call);
    },
    openChannel: (agent: SimulatedAgent) => {
      channels.set((lastChannel += 1), agent);
      return lastChannel;
    },
  };
  const agents = texts.map((text) => new SimulatedAgent(text, around));
  const session: SharedSession = new SharedSession({
    ...{ masters, backoffMs, maxBackoffMs, random, log, silenceMs: options.masterSilenceMs ?? silenceMs },
    onOpen: () => {
      log(`Registering ${agents.length} simulated agents with ${session.master?.url ?? 'the master'}`);
      for (const agent of agents) agent.subscribe();
    },
    onClosed: () => {
      channels.clear();
      waiting.clear();
      for (const agent of agents) agent.disconnected();
    },
    onEvent: (event) => {
      take(event, channels, session);
    },
  });
  return {
    view: { agents, options, port, frameworks, master: () => session.master, startTime: Date.now() / 1000 },
    stop: () => {
      session.stop();
      timetable.stop();
      for (const agent of agents) agent.stop();
    },
  };
}

function take(
  { channels: called, event }: ChannelEvent,
  channels: Map<number, SimulatedAgent>,
  session: SharedSession,
) {
  if (event.type === 'PING') {
    const pong: ChannelCall = { type: 'PONG', channels: called };
    session.send({ text: () => JSON.stringify(pong), isUrgent: true });
    return;
  }
  for (const channel of called) {
    const agent = channels.get(channel);
    if (event.type === 'CLOSED') channels.delete(channel);
    agent?.take(channel, event);
  }
}
