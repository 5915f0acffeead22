import type { ResolvedNode, ResolvedSpec } from './resolve-spec.ts';
import { roles, type Role } from '../catalogue/roles.ts';

/** A component's place, before its settings are known. */
export interface Placed {
  readonly node: ResolvedNode;
  readonly role: Role;
  /** Counts from 1 within the role. */
  readonly ordinal: number;
  readonly id: string;
  readonly service: string;
  readonly host: string;
}

/**
 * Gives each role of each node its id, its service name and the name the others reach it by. A stand-in with one role
 * is called like its node; with several, and on machines of their own, components are called after both.
 */
export function placeComponents({ nodes, placement }: ResolvedSpec): readonly Placed[] {
  const ordinals = new Map<Role, number>();
  const onHosts = placement === 'machines';
  return nodes.flatMap((node) =>
    roles
      .filter((role) => node.roles.includes(role))
      .map((role): Placed => {
        const ordinal = (ordinals.get(role) ?? 0) + 1;
        ordinals.set(role, ordinal);
        const id = onHosts || node.roles.length > 1 ? `${node.name}-${role}` : node.name;
        return onHosts
          ? { node, role, ordinal, id, service: role, host: node.address ?? node.name }
          : { node, role, ordinal, id, service: id, host: id };
      }),
  );
}
