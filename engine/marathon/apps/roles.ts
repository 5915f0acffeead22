import { parentOf } from './path-id.ts';
import type { Group } from './groups.ts';

/** The role of apps that name none (`mesos_role` of Marathon). */
export const defaultRole = '*';

/** What there is, as far as it decides about roles. */
export interface RolesBefore {
  readonly group: (id: string) => Group | undefined;
  readonly get: (id: string) => { readonly role: string } | undefined;
}

export const nothingBefore: RolesBefore = { group: () => undefined, get: () => undefined };

/** Which roles a service may have, and which it has when it names none. */
export interface RoleSettings {
  readonly allowed: readonly string[];
  readonly otherwise: string;
}

export const isTopLevel = (group: string): boolean => group !== '/' && parentOf(group) === '/';

/**
 * The default, or the name of the group at the top; where that group enforces its role, only the latter, and what the service
 * has already (RoleSettings.scala of Marathon).
 */
export function roleSettings(id: string, before: RolesBefore): RoleSettings {
  const [, top = '', ...below] = id.split('/');
  if (below.length === 0) return { allowed: [defaultRole], otherwise: defaultRole };
  const isEnforced = before.group(`/${top}`)?.enforceRole === true;
  const first = isEnforced ? [top] : [defaultRole, top];
  const present = before.get(id)?.role;
  const others = present === undefined || first.includes(present) ? [] : [present];
  return { allowed: [...first, ...others], otherwise: isEnforced ? top : defaultRole };
}

/** In the words of Marathon's page on several roles. */
export const roleError = (role: string, allowed: readonly string[]): string =>
  `got ${role}, expected one of: [${allowed.join(', ')}]`;
