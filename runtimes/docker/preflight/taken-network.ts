import { UserError } from '../../../errors/user-error.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { labLabel } from '../../../protocol/lab-labels.ts';
import { plainUp, type UpWith } from '../../port-moves.ts';
import type { DockerEngine } from '../docker-engine.ts';

/** A Docker network that is there, as far as it could be in the way. */
interface OtherNetwork {
  readonly name: string;
  /** That it is of; empty: none. */
  readonly lab: string;
  readonly subnets: readonly string[];
}

/**
 * Looks whether others have the name or the addresses that the network of a lab needs. Compose would take a network of
 * that name as it is, and Docker says of addresses that a pool overlaps.
 * @throws UserError MACHINE_NETWORK_TAKEN
 */
export async function refuseTakenNetwork(
  engine: DockerEngine,
  plan: Plan,
  upWith: UpWith = plainUp,
  signal?: AbortSignal,
): Promise<void> {
  const { name, addresses } = plan.network ?? {};
  if (name === undefined && addresses === undefined) return;
  const others = (await networks(engine, signal)).filter(({ lab }) => lab !== plan.name);
  const namesake = others.find((other) => other.name === name);
  if (namesake !== undefined) {
    throw new UserError({
      code: 'MACHINE_NETWORK_TAKEN',
      message: `the Docker network ${namesake.name}, in which the tasks of the lab would be, is of somebody else; nothing was started`,
      found: ownerOf(namesake),
      fix: `another name for taskNetwork in mesos-cluster.yaml; or docker network rm ${namesake.name}, if nobody needs it`,
    });
  }
  const subnet = addresses?.subnet ?? '';
  const neighbour = others.find(({ subnets }) => subnets.some((each) => overlap(each, subnet)));
  if (neighbour === undefined) return;
  throw new UserError({
    code: 'MACHINE_NETWORK_TAKEN',
    message: `another Docker network has addresses that the network of the lab needs (${subnet}); nothing was started`,
    found: `${neighbour.name} (${neighbour.subnets.join(', ')}), ${ownerOf(neighbour)}`,
    fix: `move them with the ports: ${upWith([`--port-offset ${plan.portOffset + 100}`])}; or end what has that network`,
  });
}

const ownerOf = ({ name, lab }: OtherNetwork) =>
  lab === '' ? `docker network inspect ${name} says more` : `the lab ${lab} (create-mesos-cluster down ${lab} ends it)`;

async function networks(engine: DockerEngine, signal?: AbortSignal): Promise<readonly OtherNetwork[]> {
  const call = signal === undefined ? {} : { signal };
  const ids = (await engine.ask(['network', 'ls', '--quiet', '--no-trunc'], call))
    .split('\n')
    .filter((id) => id !== '');
  if (ids.length === 0) return [];
  const format = `{{.Name}}\t{{index .Labels "${labLabel}"}}\t{{range .IPAM.Config}}{{.Subnet}} {{end}}`;
  // One of them may have gone in the meantime: what is printed is of those that are left.
  const result = await engine.run(['network', 'inspect', '--format', format, ...ids], call);
  const text = result.kind === 'ended' ? result.stdout : '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', lab = '', subnets = ''] = line.split('\t');
      return { name, lab, subnets: subnets.split(' ').filter((each) => each !== '') };
    });
}

/** Whether two networks like 10.0.0.0/8 have an address in common; what is not of IPv4 has none. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

function rangeOf(network: string) {
  const [, address = '', bits = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(network) ?? [];
  if (address === '') return undefined;
  const size = 2 ** (32 - Number(bits));
  const start = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = start - (start % size);
  return { first, last: first + size - 1 };
}
