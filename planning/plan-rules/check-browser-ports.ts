import { componentOf } from '../catalogue/roles.ts';
import type { Plan } from '../plan/plan.ts';
import { warning } from '../rules/rule.ts';
import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { SpecProblem } from '../shape/spec-problem.ts';
import { isRefusedByBrowsers } from '../values/browser-ports.ts';
import { offsetThatFits, portThatFits } from './free-ports.ts';
import type { Scope } from './plan-listeners.ts';

/** Finds pages that no browser will open, because of their port; programs still reach them. One warning for each role. */
export function checkBrowserPorts(
  { nodes, portOffset }: Plan,
  { spec, scopes }: { readonly spec: ClusterSpec; readonly scopes: readonly Scope[] },
): readonly SpecProblem[] {
  const found = new Map<string, SpecProblem>();
  for (const { role, id, ports } of nodes.flatMap(({ components }) => components)) {
    const [first] = ports;
    // What has no probe over HTTP has no page.
    if (first === undefined || componentOf[role].probe === undefined || found.has(role)) continue;
    const port = first.published ?? first.target;
    if (!isRefusedByBrowsers(port)) continue;
    const path = portOffset === 0 ? ['ports', role] : ['ports', 'offset'];
    const details = {
      found: String(port),
      allowed: 'ports that are not on the list of the Fetch standard, such as 5060 and 10080',
      fix:
        portOffset === 0
          ? `Write ${portThatFits(path, scopes, spec) ?? 'another number'} for ports.${role}`
          : `Take another offset, such as ${offsetThatFits(scopes, portOffset) ?? 100}`,
    };
    found.set(role, warning('SPEC_PORT', path, `No browser opens ${id} on port ${port}`, details));
  }
  return [...found.values()];
}
