import { composeFiles } from '../../generators/compose/compose-files.ts';
import type { SettingRow } from '../../pages/picture/tables.ts';
import { roles } from '../../planning/catalogue/roles.ts';
import type { Explanation } from '../../planning/explain/explain-flag.ts';
import { explain, explainableNames } from '../../planning/explain/explain.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** Everything that `explain` knows of a lab, from its plan alone, role by role. */
export async function settingRows(plan: Plan): Promise<readonly SettingRow[]> {
  const { writtenValues } = await import('../../planning/spec-text/written-values.ts');
  const written = writtenValues(composeFiles(plan));
  const roleOf = rolesOf(plan);
  const rows = explainableNames(plan, written).flatMap((name) => rowsOf(explain(plan, name, written), roleOf));
  const order = ['', ...roles, ...Object.values(besideAgents)];
  return rows.sort((one, other) => order.indexOf(one.role) - order.indexOf(other.role));
}

/** Containers that an agent has beside it, by the end of their names: no components of the plan. */
const besideAgents: Readonly<Record<string, string>> = {
  docker: 'docker-engine',
  cleaner: 'cleaner',
  network: 'task-network',
};

/** None of them is a secret: a spec that has one is refused, as it would stand in every generated file. */
function rowsOf(
  { name, values, derivation: why, source }: Explanation,
  roleOf: (owner: string) => string,
): readonly SettingRow[] {
  const of = new Map<string, SettingRow['values'][number][]>();
  for (const { value, components } of values) {
    for (const [role, ids] of groupedBy(components, roleOf)) {
      of.set(role, [...(of.get(role) ?? []), { value, components: ids }]);
    }
  }
  return [...of].map(([role, ofRole]) => ({ name, role, values: ofRole, why, source }));
}

function groupedBy(owners: readonly string[], roleOf: (owner: string) => string): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const owner of owners) {
    const role = roleOf(owner);
    const group = groups.get(role);
    if (group === undefined) groups.set(role, [owner]);
    else group.push(owner);
  }
  return groups;
}

/** Who has a setting is a component, a service of Compose, or the node of a ZooKeeper. */
function rolesOf({ nodes }: Plan): (owner: string) => string {
  const roleOf = new Map<string, string>();
  for (const { name, components } of nodes) {
    for (const { id, service, role } of components) {
      roleOf.set(id, role);
      for (const each of [service, `${name}-${service}`]) if (!roleOf.has(each)) roleOf.set(each, role);
      if (role === 'zookeeper' && !roleOf.has(name)) roleOf.set(name, role);
    }
  }
  return (owner) => roleOf.get(owner) ?? besideAgents[/-(docker|cleaner|network)$/.exec(owner)?.[1] ?? ''] ?? '';
}
