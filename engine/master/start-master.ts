import { randomUUID } from 'node:crypto';
import type { Component, EngineWorld } from '../component.ts';
import { listen, type Handler } from '../http/http-server.ts';
import { ownPage } from '../pages/own-page.ts';
import { masterEndpoints } from './views/endpoints.ts';
import { toMasterInfo } from './views/master-info.ts';
import { toSettings, type MasterOptions } from './master-options.ts';
import { RunningMaster } from './running-master.ts';

/**
 * Starts a Mesos master: it listens, takes part in the election, and leads or points to who does. Its state is in
 * memory alone; what runs in the cluster comes back with the agents. It fails, as a real one exits, when it loses its
 * leadership, or cannot reach a quorum of masters in time (registrar.ts).
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function startMaster(options: MasterOptions, world: EngineWorld): Promise<Component> {
  const unbound = toSettings(options, randomUUID(), world.log);
  const { host, port, hostname } = options;
  const names = [hostname, unbound.advertisedIp];
  let handler: Handler = () => ({ status: 503 });
  const server = await listen({
    host,
    port,
    handler: (request) => handler(request),
    log: world.log,
    names,
    maxBodyBytes: 16 * 1024 * 1024,
  });
  const settings = { ...unbound, port: server.port };
  const url = `http://${settings.advertisedIp}:${server.port}`;
  let onFailed: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => (onFailed = resolve));
  const master = new RunningMaster({
    settings,
    world,
    candidate: { id: settings.masterId, url, hostname, info: toMasterInfo(settings) },
    onFailed: (error) => {
      // What is connected finds out at once, and looks for another leader.
      void server.close();
      onFailed(error);
    },
  });
  const leaders = () => [master.leader()?.url ?? []].flat();
  const subject = { kind: 'master', name: settings.cluster } as const;
  const page = ownPage({ subject, root: '/', masters: leaders, marathons: () => [], mayChange: false });
  handler = masterEndpoints({
    page,
    settings: () => settings,
    term: master.term,
    hasRecovered: master.hasRecovered,
    leader: master.leader,
  });
  return {
    url,
    failed,
    stop: () => {
      page.stop();
      master.stop();
      return server.close();
    },
  };
}
