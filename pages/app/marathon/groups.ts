import type { AppRow } from '../../picture/tables.ts';
import { stateOf, type AppState } from './app-state.ts';

/* Groups are what stands between slashes in the ids of apps. Here the id of a group ends with a slash: `/shop/`. */

/** What a group has, with all that is below it. */
export interface Sums extends Pick<
  AppRow,
  'instances' | 'running' | 'staged' | 'healthy' | 'unhealthy' | 'cpus' | 'mem'
> {
  readonly apps: number;
  readonly states: ReadonlyMap<AppState, number>;
}

export interface Group {
  /** Ids of those directly in it, sorted. */
  readonly groups: readonly string[];
  readonly apps: readonly string[];
  readonly sums: Sums;
}

/** A line of the tree. */
export type TreeRow =
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly depth: number;
      readonly group: Group;
      readonly isOpen: boolean;
    }
  | { readonly kind: 'app'; readonly id: string; readonly depth: number; readonly row: AppRow };

export const isGroupId = (id: string): boolean => id.endsWith('/');

/** @param id of an app or a group @returns `/` for what is directly below it */
export function parentOf(id: string): string {
  const whole = id.replace(/\/$/, '');
  return whole.slice(0, whole.lastIndexOf('/') + 1);
}

interface Growing {
  readonly groups: Set<string>;
  readonly apps: string[];
  readonly sums: { -readonly [Name in keyof Omit<Sums, 'states'>]: number } & {
    readonly states: Map<AppState, number>;
  };
}

const newGroup = (): Growing => ({
  groups: new Set(),
  apps: [],
  sums: {
    ...{ apps: 0, instances: 0, running: 0, staged: 0, healthy: 0, unhealthy: 0, cpus: 0, mem: 0 },
    states: new Map(),
  },
});

/**
 * All groups by their ids; the root, `/`, is always there.
 * @param known ids of groups that Marathon has, of which some may be empty
 */
export function groupsOf(apps: ReadonlyMap<string, AppRow>, known: Iterable<string> = []): ReadonlyMap<string, Group> {
  const groups = new Map<string, Growing>([['/', newGroup()]]);
  const need = (id: string): Growing => {
    const found = groups.get(id);
    if (found !== undefined) return found;
    const made = newGroup();
    groups.set(id, made);
    need(parentOf(id)).groups.add(id);
    return made;
  };
  for (const id of known) need(id);
  for (const [id, row] of apps) {
    need(parentOf(id)).apps.push(id);
    for (let group = parentOf(id); ; group = parentOf(group)) {
      add(need(group).sums, row);
      if (group === '/' || group === '') break;
    }
  }
  return new Map(
    [...groups].map(([id, { groups: below, apps: own, sums }]) => [
      id,
      { groups: [...below].sort(), apps: own.sort(), sums },
    ]),
  );
}

function add(sums: Growing['sums'], row: AppRow): void {
  const state = stateOf(row);
  sums.apps += 1;
  sums.instances += row.instances;
  sums.running += row.running;
  sums.staged += row.staged;
  sums.healthy += row.healthy;
  sums.unhealthy += row.unhealthy;
  sums.cpus += row.cpus * row.instances;
  sums.mem += row.mem * row.instances;
  sums.states.set(state, (sums.states.get(state) ?? 0) + 1);
}

/** What is below a group, line by line: its groups first, with what they have in them if they are open. */
export function treeRows(
  groups: ReadonlyMap<string, Group>,
  apps: ReadonlyMap<string, AppRow>,
  root: string,
  isOpen: (id: string) => boolean,
): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (id: string, depth: number) => {
    const { groups: below = [], apps: own = [] } = groups.get(id) ?? {};
    for (const each of below) {
      const group = groups.get(each);
      if (group === undefined) continue;
      rows.push({ kind: 'group', id: each, depth, group, isOpen: isOpen(each) });
      if (isOpen(each)) walk(each, depth + 1);
    }
    for (const each of own) {
      const row = apps.get(each);
      if (row !== undefined) rows.push({ kind: 'app', id: each, depth, row });
    }
  };
  walk(root, 0);
  return rows;
}
