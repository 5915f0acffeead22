import { clusterClient } from '../../../checks/cluster-client.ts';
import { listAt, textAt } from '../../../protocol/json.ts';
import { UserError } from '../../../errors/user-error.ts';
import type { RunningLab } from '../../cluster-runtime.ts';

/** What a component says of itself. */
interface VersionOf {
  readonly id: string;
  readonly node: string;
  readonly version: string;
}

/**
 * Looks whether all masters and agents are of one release: an image of the same name may be another one on another
 * machine. Mesos lets releases next to each other work together while a cluster is upgraded, not for good.
 * @throws UserError MACHINE_NODE_UNFIT that names the nodes that differ from the leading part
 */
export async function refuseMixedVersions(
  { plan, target }: Pick<RunningLab, 'plan' | 'target'>,
  signal: AbortSignal,
): Promise<void> {
  const client = clusterClient(target.hosts);
  const ask = async (url: string) => {
    const { json } = await client.ask(url, signal, { timeoutMs: 5000 });
    return json;
  };
  const components = plan.nodes.flatMap((node) => node.components);
  const ofRole = (role: string) => components.filter((component) => component.role === role);
  const masters = await Promise.all(
    ofRole('mesos-master').map(async ({ id, node }, index): Promise<VersionOf> => {
      const answer = await ask(`${target.masters[index] ?? ''}/version`).catch(() => undefined);
      return { id, node, version: textAt(answer, 'version') ?? '' };
    }),
  );
  const slaves = listAt(await ask(`${target.masters[0] ?? ''}/slaves`).catch(() => undefined), 'slaves');
  const agents = ofRole('mesos-agent').map(({ id, node, host }): VersionOf => {
    const agent = slaves.find((each) => textAt(each, 'hostname') === host);
    return { id, node, version: textAt(agent, 'version') ?? '' };
  });
  const known = [...masters, ...agents].filter(({ version }) => version !== '');
  const [usual] = mostCommon(known.map(({ version }) => release(version)));
  const others = known.filter(({ version }) => release(version) !== usual);
  const [first] = others;
  if (first === undefined) return;
  throw new UserError({
    code: 'MACHINE_NODE_UNFIT',
    message: `${first.node} has another Mesos version than the others`,
    found: `${others.map(({ id, version }) => `${id} ${version}`).join(', ')}; the others: ${usual ?? ''}`,
    fix: `an image is not the same on all machines: create-mesos-cluster images push copies it; or docker image rm on ${first.node}, and up pulls it again`,
  });
}

/** `1.12` of `1.12.0`: within it they are made to work together. */
const release = (version: string): string => version.split('.').slice(0, 2).join('.');

function mostCommon(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([value]) => value);
}
