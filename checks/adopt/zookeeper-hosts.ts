import { isHostName, isPort } from './asker.ts';

export interface ZookeeperHost {
  readonly host: string;
  readonly port: number;
}

const mostHosts = 255;

/** The machines of `zk://user:password@host:2181,host/path`; empty for anything else. */
export function zookeeperHosts(url: string | undefined): readonly ZookeeperHost[] {
  const [, hosts = ''] = /^zk:\/\/(?:[^@/]*@)?([^/]+)\/.*$/.exec(url ?? '') ?? [];
  return hosts
    .split(',')
    .slice(0, mostHosts)
    .flatMap((text) => {
      const [, host = '', port = '2181'] = /^([^:]+)(?::([0-9]{1,5}))?$/.exec(text.trim()) ?? [];
      return isHostName(host) && isPort(Number(port)) ? [{ host, port: Number(port) }] : [];
    });
}

/** The same URL without its user and password. */
export const withoutPassword = (url: string): string => url.replace(/^(zk:\/\/)[^@/]*@/, '$1');

/** The path of a `zk://` URL: `/mesos`. */
export const zookeeperPath = (url: string | undefined): string | undefined =>
  /^zk:\/\/[^/]+(\/[^\s?#]+)$/.exec(url ?? '')?.[1];
