import type { Component } from '../component.ts';
import { Membership } from '../framework/leadership/membership.ts';
import { listen, type Handler } from '../http/http-server.ts';
import { chronosHandler, errorAnswer } from './api/chronos-handler.ts';
import { ApiError } from './chronos-error.ts';
import { withDefaults, type ChronosOptions, type ChronosWorld } from './chronos-options.ts';
import { startLeader } from './leadership/leader-session.ts';

/**
 * Starts a Chronos: it serves its API at once, takes part in the election, and when it leads it runs the jobs as a
 * framework of the leading Mesos master, over the v1 scheduler HTTP API. Stopping it ends no task: another Chronos (or
 * this one, later) takes them over by the framework's id.
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function startChronos(options: ChronosOptions, world: ChronosWorld): Promise<Component> {
  const settings = withDefaults(options);
  let handler: Handler = () => ({ status: 503 });
  const server = await listen({
    host: settings.host,
    port: settings.port,
    names: [settings.hostname],
    handler: (request) => handler(request),
    errorAnswer,
    log: world.log,
  });
  const isEverywhere = settings.host === '0.0.0.0' || settings.host === '::';
  // Bound to every address, it is reached by its name.
  const url = isEverywhere ? `http://${settings.hostname}:${server.port}` : server.url;
  const self = `${settings.hostname}:${server.port}`;
  const membership = new Membership({
    ...{ election: settings.election, hostname: settings.hostname, url, self, log: world.log },
    startLeader: (onTakenOver) => startLeader({ settings, world, url, onTakenOver }),
  });
  handler = chronosHandler({
    context: {
      settings,
      ownLeader: () => membership.leader,
      leader: () => {
        if (membership.leader !== undefined) return membership.leader;
        throw new ApiError(500, 'This Chronos does not lead any more');
      },
      leaderHostPort: () => (membership.otherUrl === undefined ? self : new URL(membership.otherUrl).host),
    },
    otherLeader: () => membership.otherLeader(),
    self,
  });
  membership.start();
  const stop = async () => {
    await membership.stop();
    await server.close();
  };
  let stopping: Promise<void> | undefined;
  return { url, stop: () => (stopping ??= stop()) };
}
