import { composeFiles } from '../../generators/compose/compose-files.ts';
import type { SettingRow } from '../../pages/picture/tables.ts';
import type { Explanation } from '../../planning/explain/explain-flag.ts';
import { explain, explainableNames } from '../../planning/explain/explain.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** Everything that `explain` knows of a lab, from its plan alone. */
export async function settingRows(plan: Plan): Promise<readonly SettingRow[]> {
  const { writtenValues } = await import('../../planning/spec-text/written-values.ts');
  const written = writtenValues(composeFiles(plan));
  const roleOf = rolesOf(plan);
  return explainableNames(plan, written).map((name) => rowOf(explain(plan, name, written), roleOf));
}

/** Whoever reads them: they are passwords, or lead to some. */
const isSecret = (name: string) => /PASSWORD|SECRET|CREDENTIAL|TOKEN|PRINCIPAL_AND/i.test(name);
const hidden = '(not shown: it may be a secret)';

function rowOf(
  { name, values, derivation, source }: Explanation,
  roleOf: (component: string) => string | undefined,
): SettingRow {
  const owners = values.flatMap(({ components }) => components);
  return {
    name,
    roles: [...new Set(owners.flatMap((owner) => roleOf(owner) ?? []))],
    values: isSecret(name) ? values.map((each) => ({ ...each, value: hidden })) : values,
    why: derivation,
    source,
  };
}

/** Who has a setting is a component, a service of Compose, or a node: of ZooKeeper, where all of a server's are. */
function rolesOf({ nodes }: Plan): (owner: string) => string | undefined {
  const roles = new Map<string, string>();
  for (const { name, components } of nodes) {
    for (const { id, service, role } of components) {
      roles.set(id, role);
      for (const each of [service, `${name}-${service}`]) if (!roles.has(each)) roles.set(each, role);
      if (role === 'zookeeper' && !roles.has(name)) roles.set(name, role);
    }
  }
  return (owner) => roles.get(owner) ?? (owner.endsWith('-docker') ? 'docker-engine' : undefined);
}
