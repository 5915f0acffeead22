export interface ZkServer {
  readonly host: string;
  readonly port: number;
}

/** `zk://user:password@host1:2181,host2:2181/mesos`, taken apart. */
export interface ZkUrl {
  /** At least one. */
  readonly servers: readonly ZkServer[];
  /** `/mesos`: absolute, without a slash at its end, never `/` alone. */
  readonly path: string;
  /** `user:password`, for ZooKeeper's digest scheme. */
  readonly auth?: string;
}

const scheme = 'zk://';
const defaultPort = 2181;

const unreadable = (why: string) => new Error(`Error parsing ZooKeeper URL: ${why}`);

/**
 * Reads the URL of a group in ZooKeeper (include/mesos/zookeeper/url.hpp, src/master/main.cpp). A server without a port
 * has 2181, as for the Java client of Marathon.
 * @throws Error with Mesos's words
 */
export function parseZkUrl(text: string): ZkUrl {
  const url = text.trim();
  if (!url.startsWith(scheme)) throw unreadable("Expecting 'zk://' at the beginning of the URL");
  const rest = url.slice(scheme.length);
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = (slash < 0 ? '' : rest.slice(slash)).replace(/\/$/, '');
  if (path === '') throw new Error("Expecting a (chroot) path for ZooKeeper ('/' is not supported)");
  const badPart = path
    .slice(1)
    .split('/')
    .find((part) => part === '' || part === '.' || part === '..');
  if (badPart !== undefined) throw unreadable(`Invalid path '${path}'`);
  const at = authority.lastIndexOf('@');
  const servers = authority
    .slice(at + 1)
    .split(',')
    .filter((each) => each !== '')
    .map(parseServer);
  if (servers.length === 0) throw unreadable(`No servers in '${hidePassword(url)}'`);
  return { servers, path, ...(at < 0 ? {} : { auth: parseAuth(authority.slice(0, at)) }) };
}

/** The same URL for logs and answers, where Mesos and Marathon show no password either. */
export function hidePassword(url: string): string {
  return url.replace(/^(\s*zk:\/\/[^/]*?:)[^/]*@/, '$1xxxxxxxx@');
}

/** Either `user:password` or `digest!user:password`. */
function parseAuth(text: string): string {
  const mark = text.indexOf('!');
  if (mark === 0) throw unreadable("Expecting Zookeeper authentication schemee before '!' in the URL");
  if (mark === text.length - 1) throw unreadable("Expecting credentials after '!' in the URL");
  if (mark > 0 && text.slice(0, mark) !== 'digest') {
    throw unreadable(`Authentication scheme '${text.slice(0, mark)}' is not supported: only 'digest' is`);
  }
  const credentials = text.slice(mark + 1);
  if (!/^[^:]+:./.test(credentials)) throw unreadable("Expecting 'user:password' before '@' in the URL");
  return credentials;
}

/** `host`, `host:2181` or `[::1]:2181`. */
function parseServer(text: string): ZkServer {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? defaultPort : Number(port);
  if (host === undefined || number < 1 || number > 65_535) throw unreadable(`Invalid server '${text}'`);
  return { host, port: number };
}
