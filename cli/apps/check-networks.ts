import type { Plan } from '../../planning/plan/plan.ts';
import type { AnyRuntimeName } from '../../runtimes/cluster-runtime.ts';
import { listAt, textAt } from '../../protocol/json.ts';
import type { AppDefinition } from './app-files.ts';

/** A network that a Docker container asks for, and the app that it is of. */
interface Asked {
  readonly id: string;
  readonly name: string;
}

/**
 * Looks for Docker networks that the agents of a lab are not given: a person may have made them there, so it is only said.
 * @returns a warning that names them, and the one that there is
 */
export function checkNetworks(
  definitions: readonly AppDefinition[],
  plan: Plan,
  runtime: AnyRuntimeName | undefined,
): string | undefined {
  const { taskNetwork } = plan;
  const asked = definitions.flatMap(({ definition }) => askedIn(definition, defaultNetwork(plan)));
  // Without Docker any network will do, and on machines there are those of their owner.
  if (runtime !== 'docker') return undefined;
  const unknown = asked.filter(({ name }) => name !== taskNetwork?.name);
  if (unknown.length === 0) return undefined;
  const wanted = unknown.map(({ id, name }) => `${id} asks for the Docker network ${name}`).join(', ');
  const there =
    taskNetwork === undefined
      ? `This lab has none; taskNetwork: ${unknown[0]?.name ?? ''} in mesos-cluster.yaml makes it`
      : `This lab has a network ${taskNetwork.name}`;
  return `${wanted}. ${there}: an agent whose Engine does not have the network fails the task`;
}

/** What Marathon takes for a network without a name; without it an app of one is refused. */
const defaultNetwork = ({ nodes }: Plan): string | undefined =>
  nodes
    .flatMap(({ components }) => components)
    .find(({ role }) => role === 'marathon')
    ?.environment.find(({ name }) => name === 'MARATHON_DEFAULT_NETWORK_NAME')?.value;

/** Of an app, or of the apps in a group; in Marathon's form, and in that of before 1.5. @param unnamed the default */
function askedIn(definition: unknown, unnamed: string | undefined): readonly Asked[] {
  const inside = ['apps', 'groups'].flatMap((key) => listAt(definition, key).flatMap((each) => askedIn(each, unnamed)));
  if (textAt(definition, 'container', 'type') !== 'DOCKER') return inside;
  const named = listAt(definition, 'networks').filter(
    (network) => (textAt(network, 'mode') ?? 'container') === 'container',
  );
  const isUser = textAt(definition, 'container', 'docker', 'network') === 'USER';
  const names = [
    ...named.map((network) => textAt(network, 'name')),
    ...(isUser ? [textAt(definition, 'ipAddress', 'networkName')] : []),
  ];
  const id = textAt(definition, 'id') ?? '';
  return [...names.flatMap((name = unnamed) => (name === undefined ? [] : [{ id, name }])), ...inside];
}
