import type { FrameworkInfo } from '../../../protocol/mesos.ts';

export const hasCapability = (info: FrameworkInfo, name: string): boolean =>
  info.capabilities?.some(({ type }) => type === name) === true;

/** `*` for a framework that knows of one role only; none when a MULTI_ROLE one names none. */
export function rolesOf(info: FrameworkInfo): readonly string[] {
  return hasCapability(info, 'MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];
}

/** Why a name is none of a role (src/common/roles.cpp, validate). */
export function refuseRole(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  if (role === '') return 'Role names cannot be the empty string';
  for (const component of role.split('/')) {
    if (['.', '..', '*'].includes(component)) return `Role '${role}' cannot include '${component}' as a component`;
    if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;
    if (/[\t\n\v\f\r \b\u007f]/.test(component)) {
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
    }
  }
  return undefined;
}

/** As Mesos shows a set of strings. */
const setText = (items: Iterable<string>) => `{ ${[...items].join(', ')} }`;

/** Why a framework may not have these roles (src/master/validation.cpp, validateRoles). */
export function refuseRoles(info: FrameworkInfo): string | undefined {
  const { role, roles = [] } = info;
  if (!hasCapability(info, 'MULTI_ROLE')) {
    if (roles.length > 0) {
      return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
    }
    const bad = refuseRole(role ?? '*');
    return bad === undefined ? undefined : `'FrameworkInfo.role' is not a valid role: ${bad}`;
  }
  if (role !== undefined) return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  const duplicates = new Set(roles.filter((each, index) => roles.indexOf(each) < index));
  if (duplicates.size > 0) return `'FrameworkInfo.roles' contains duplicate items: ${setText(duplicates)}`;
  const bad = roles.map(refuseRole).find((each) => each !== undefined);
  return bad === undefined ? undefined : `'FrameworkInfo.roles' contains invalid role: ${bad}`;
}

/** Roles that are none of the framework's cannot be suppressed from the start. */
export function refuseSuppressed(info: FrameworkInfo, suppressed: readonly string[] = []): string | undefined {
  const roles = rolesOf(info);
  const others = new Set(suppressed.filter((role) => !roles.includes(role)));
  return others.size === 0
    ? undefined
    : `Suppressed roles ${setText([...others].sort())} are not contained in the set of roles`;
}
