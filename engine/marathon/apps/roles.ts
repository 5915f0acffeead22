import { parentOf } from './path-id.ts';
import type { Group } from './groups.ts';

/** The role of services that name none, unless `mesos_role` says another. */
export const defaultRole = '*';

/** `any`: reserved for the role or not. */
export type AcceptedByDefault = 'any' | 'unreserved' | 'reserved';

/** Whose resources a service takes that does not say it (MarathonConf.defaultAcceptedResourceRolesSet). */
export function acceptedRoles(role: string, byDefault: AcceptedByDefault): readonly string[] {
  if (byDefault === 'unreserved') return [defaultRole];
  return byDefault === 'reserved' ? [role] : [defaultRole, role];
}

/** Whether groups at the top enforce their role of which nobody says it. */
export type NewGroupEnforceRole = 'off' | 'top';

/** What there is, as far as it decides about roles. */
export interface RolesBefore {
  readonly group: (id: string) => Group | undefined;
  /** How one is that comes by itself, with a service in it. */
  readonly newGroup: (id: string) => Group;
  readonly get: (id: string) => { readonly role: string } | undefined;
}

/** Makes groups of which only the id is known (RootGroup.NewGroupStrategy of Marathon). */
export const groupMaker =
  (behaviour: NewGroupEnforceRole = 'off') =>
  (id: string): Group => ({
    id,
    dependencies: [],
    ...(behaviour === 'top' && isTopLevel(id) && { enforceRole: true }),
  });

export const nothingBefore: RolesBefore = { group: () => undefined, newGroup: groupMaker(), get: () => undefined };

/** Which roles a service may have, and which it has when it names none. */
export interface RoleSettings {
  readonly allowed: readonly string[];
  readonly otherwise: string;
}

export const isTopLevel = (group: string): boolean => group !== '/' && parentOf(group) === '/';

/**
 * The default, or the name of the group at the top; where that group enforces its role, only the latter, and what the service
 * has already (RoleSettings.scala of Marathon).
 * @param byDefault `mesos_role`
 */
export function roleSettings(id: string, before: RolesBefore, byDefault = defaultRole): RoleSettings {
  const [, top = '', ...below] = id.split('/');
  if (below.length === 0) return { allowed: [byDefault], otherwise: byDefault };
  const group = before.group(`/${top}`) ?? before.newGroup(`/${top}`);
  const isEnforced = group.enforceRole === true;
  const first = isEnforced ? [top] : [...new Set([byDefault, top])];
  const present = before.get(id)?.role;
  const others = present === undefined || first.includes(present) ? [] : [present];
  return { allowed: [...first, ...others], otherwise: isEnforced ? top : byDefault };
}

/** In the words of Marathon's page on several roles. */
export const roleError = (role: string, allowed: readonly string[]): string =>
  `got ${role}, expected one of: [${allowed.join(', ')}]`;
