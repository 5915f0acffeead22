import type { Component } from '../../engine/component.ts';
import type { Discovery } from '../../engine/discovery/discovery.ts';
import { fixedLeader } from '../../engine/discovery/in-memory-discovery.ts';
import { masterDiscovery } from '../../engine/discovery/zookeeper-discovery.ts';
import { openZookeeper, type ZookeeperSession } from '../../engine/zookeeper/zookeeper-session.ts';
import { parseZkUrl, type ZkUrl } from '../../protocol/zk-url.ts';

/** Who the masters are, and what has to be closed in the end. */
export interface Masters {
  readonly discovery: Discovery;
  readonly close: () => Promise<void>;
}

export type MasterAddress =
  | { readonly kind: 'zookeeper'; readonly url: ZkUrl }
  | { readonly kind: 'master'; readonly host: string; readonly port: number };

/**
 * What `--master` names: `zk://host:2181/mesos`, or `host:port` of one master, with or without `http://`.
 * @throws Error that says what cannot be read
 */
export function parseMaster(text: string): MasterAddress {
  if (text.startsWith('zk://')) return { kind: 'zookeeper', url: parseZkUrl(text) };
  const [, host, port] = /^(?:http:\/\/|master@)?([^\s:/@]+):(\d{1,5})\/?$/.exec(text.trim()) ?? [];
  if (host === undefined || Number(port) > 65_535) throw new Error(`Failed to parse '${text}'`);
  return { kind: 'master', host, port: Number(port) };
}

interface SessionOptions {
  readonly sessionTimeoutMs: number;
  readonly log: (line: string) => void;
}

/** A session with the ensemble of a URL. */
export function openSession({ servers, auth }: ZkUrl, options: SessionOptions): ZookeeperSession {
  return openZookeeper({ servers, ...(auth === undefined ? {} : { auth }), ...options });
}

/** Finds the leading master. */
export function findMasters(master: MasterAddress, options: SessionOptions): Masters {
  if (master.kind === 'zookeeper') {
    const session = openSession(master.url, options);
    return { discovery: masterDiscovery(session, master.url.path), close: () => session.close() };
  }
  const { host, port } = master;
  const url = `http://${host}:${port}`;
  return { discovery: fixedLeader({ id: url, url, hostname: host }), close: () => Promise.resolve() };
}

/** A component that also closes what was opened for it, when it stops and when it cannot start. */
export async function withClosing(start: Promise<Component>, close: () => Promise<void>): Promise<Component> {
  let component: Component;
  try {
    component = await start;
  } catch (error) {
    await close();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await component.stop();
    await close();
  };
  return { ...component, stop: () => (stopping ??= stop()) };
}
