/** The role of apps that name none (`mesos_role` of Marathon). */
export const defaultRole = '*';

/** The role that a service may have beside the default: the name of its group at the top (RoleSettings.scala of Marathon). */
export function groupRole(id: string): string | undefined {
  const [, top, ...below] = id.split('/');
  return below.length === 0 ? undefined : top;
}

/** The roles that a service may have. */
export function rolesFor(id: string): readonly string[] {
  const own = groupRole(id);
  return own === undefined ? [defaultRole] : [defaultRole, own];
}
