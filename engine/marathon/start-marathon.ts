import type { Component } from '../component.ts';
import { listen, type Handler } from '../http/http-server.ts';
import type { ApiContext } from './api/api-context.ts';
import { HttpTally } from './api/metrics/http-tally.ts';
import { errorAnswer, marathonHandler } from './api/marathon-handler.ts';
import { ownPage } from '../pages/own-page.ts';
import { EventBus } from './event-bus.ts';
import { ApiError } from './marathon-error.ts';
import { withDefaults, type MarathonOptions, type MarathonWorld } from './marathon-options.ts';
import { Membership } from '../framework/leadership/membership.ts';
import { startLeader } from './leadership/leader.ts';

/**
 * Starts a Marathon: it serves its API at once, takes part in the election, and when it leads it runs the apps as a
 * framework of the leading Mesos master, over the v1 scheduler HTTP API. Stopping it ends no task: another Marathon
 * (or this one, later) takes them over by the framework's id.
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function startMarathon(options: MarathonOptions, world: MarathonWorld): Promise<Component> {
  const settings = withDefaults(options);
  const clock = world.clock ?? Date.now;
  const events = new EventBus(() => new Date(clock()).toISOString());
  let handler: Handler = () => ({ status: 503 });
  const server = await listen({
    host: settings.host,
    port: settings.port,
    names: [settings.hostname],
    handler: (request) => handler(request),
    errorAnswer,
    log: world.log,
  });
  // Bound to every address, it is reached by its name.
  const url = isAnyAddress(settings.host) ? `http://${settings.hostname}:${server.port}` : server.url;
  const hostPort = `${settings.hostname}:${server.port}`;
  const membership = new Membership({
    election: settings.election,
    hostname: settings.hostname,
    url,
    self: hostPort,
    log: world.log,
    startLeader: (onTakenOver) => startLeader({ settings, world, events, webUrl: url, onTakenOver }),
  });
  const context: ApiContext = {
    settings,
    url,
    events,
    http: new HttpTally(clock),
    ownLeader: () => membership.leader,
    leader: () => {
      if (membership.leader !== undefined) return membership.leader;
      throw new ApiError(503, { message: 'Could not determine the current leader' });
    },
    leaderHostPort: () => {
      if (membership.leader !== undefined) return hostPort;
      return membership.otherUrl === undefined ? undefined : new URL(membership.otherUrl).host;
    },
    abdicate: () => {
      membership.abdicate();
    },
  };
  const otherLeader = () => membership.otherLeader();
  let master: string | undefined;
  const unwatch = settings.masters.watch((leader) => (master = leader?.url));
  const page = ownPage({
    subject: { kind: 'marathon', name: '' },
    root: '/ui/',
    masters: () => (master === undefined ? [] : [master]),
    marathons: () => [url],
    mayChange: true,
  });
  handler = context.http.counting(marathonHandler({ page, context, otherLeader, self: hostPort }));
  membership.start();
  const stop = async () => {
    unwatch();
    page.stop();
    await membership.stop();
    await server.close();
  };
  let stopping: Promise<void> | undefined;
  return { url, stop: () => (stopping ??= stop()) };
}

const isAnyAddress = (host: string) => host === '0.0.0.0' || host === '::';
