import type { IncomingMessage } from 'node:http';
import { addressOf } from '../../http/client-address.ts';
import type { OwnAnswer } from '../own-answer.ts';
import type { Service } from '../service-table.ts';

/** What a task is asked, where that is not what the client asks. */
export interface Rewritten {
  readonly target: string;
  /** In place of the client's. */
  readonly host?: string;
}

/** The port of a Host does not count. */
export const hostOf = ({ headers }: IncomingMessage): string => (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');

export const pathOf = (target: string): string => target.replace(/[?#].*$/s, '');

/**
 * What the labels of a service make of a request, in HAProxy's order: who may come, what is asked, where `/` leads
 * (HTTP_BACKEND_ACL_ALLOW_DENY, HTTP_BACKEND_PROXYPASS_GLUE and HTTP_BACKEND_REDIR in config.py of marathon-lb).
 */
export function byRules(message: IncomingMessage, { rules, virtualHosts }: Service): OwnAnswer | Rewritten {
  const { allows, proxyPath, rootRedirect } = rules;
  if (allows?.(addressOf(message.socket)) === false) return { status: 403 };
  const target = message.url ?? '/';
  const [name] = virtualHosts;
  const rewritten: Rewritten =
    proxyPath === undefined
      ? { target }
      : { target: below(target, proxyPath), ...(name === undefined ? {} : { host: name }) };
  const isRoot = pathOf(rewritten.target) === '/' && virtualHosts.includes(rewritten.host ?? hostOf(message));
  return rootRedirect !== undefined && isRoot ? { status: 301, location: rootRedirect } : rewritten;
}

/** `/path/to/it/a` below `/path/to/it` is `/a`; case does not matter (`reqirep`). */
function below(target: string, path: string): string {
  if (!target.toLowerCase().startsWith(path.toLowerCase())) return target;
  return `/${target.slice(path.length).replace(/^\//, '')}`;
}

/**
 * Where an answer redirects to: anything within the virtual host becomes one path (HTTP_BACKEND_REVPROXY_GLUE).
 */
export function rewrittenLocation(location: string, { rules, virtualHosts }: Service): string {
  const { reverseProxyPath } = rules;
  if (reverseProxyPath === undefined) return location;
  const found = /^(?:https?:\/\/(?<host>[^/:]+)(?::\d+)?)?\//i.exec(location);
  if (found === null) return location;
  const host = found.groups?.['host'];
  return host === undefined || virtualHosts.includes(host.toLowerCase()) ? reverseProxyPath : location;
}
