import { componentsByRole } from '../../planning/catalogue/components-by-role.ts';
import type { Plan, PlannedComponent, PlannedNode } from '../../planning/plan/plan.ts';
import { roles, type Role } from '../../planning/catalogue/roles.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { alias, entry, map, mapText, type YamlEntry } from '../text/yaml-text.ts';
import { chronosServices, mesosDnsServices, registryServices } from './addons.ts';
import {
  literal,
  type Builder,
  type BuilderContext,
  type ComposeService,
  type ComposeVolume,
} from './compose-service.ts';
import { marathonLbServices } from './marathon-lb.ts';
import { marathonServices } from './marathon.ts';
import { mesosAgentServices } from './mesos-agent.ts';
import { mesosDnsConfig, mesosDnsConfigKey, mesosDnsConfigName } from './mesos-dns-config.ts';
import { mesosMasterServices } from './mesos-master.ts';
import { zookeeperServices } from './zookeeper.ts';
import { labLabel } from '../../protocol/lab-labels.ts';

const builders: Readonly<Record<Role, Builder>> = {
  zookeeper: zookeeperServices,
  'mesos-master': mesosMasterServices,
  'mesos-agent': mesosAgentServices,
  marathon: marathonServices,
  'marathon-lb': marathonLbServices,
  chronos: chronosServices,
  'mesos-dns': mesosDnsServices,
  registry: registryServices,
};

/** Anchors that every service repeats. */
function fileHead(plan: Plan, node: PlannedNode | undefined): readonly YamlEntry[] {
  return [
    entry('name', plan.name),
    {
      ...entry(
        'x-labels',
        map([entry(labLabel, plan.name)], 'labels'),
        "Mark containers, volumes and the network as this lab's: nothing else is ever touched.",
      ),
      apart: true,
    },
    {
      ...entry(
        'x-logging',
        map(
          [entry('driver', 'local'), entry('options', map([entry('max-size', '10m'), entry('max-file', '3')]))],
          'logging',
        ),
        node === undefined ? 'A lab that is left running does not fill the disk.' : undefined,
      ),
      apart: true,
    },
  ];
}

const labelled = (name: string, options: readonly YamlEntry[] = []): YamlEntry =>
  entry(name, map([...options, entry('labels', alias('labels'))]));

/** Shared by the containers of a pod as long as one of them runs. */
const inMemory: readonly YamlEntry[] = [
  entry('driver_opts', map([entry('type', 'tmpfs'), entry('device', 'tmpfs'), entry('o', 'size=64m,mode=755')])),
];

const volumeEntry = ({ name, memory }: ComposeVolume): YamlEntry => labelled(name, memory === true ? inMemory : []);

/** The text of one Compose file, service by service, so that thousands of them need no more memory than their text. */
function composeText(plan: Plan, components: readonly PlannedComponent[], node?: PlannedNode): string {
  const context: BuilderContext = { plan, here: componentsByRole(components) };
  const volumes: ComposeVolume[] = [];
  let text = headerComment + mapText(map(fileHead(plan, node))) + '\nservices:\n';
  let first = true;
  const write = ({ name, body, volumes: own }: ComposeService) => {
    text += (first ? '' : '\n') + mapText(map([entry(name, map(body))]), '  ');
    first = false;
    volumes.push(...own);
  };
  for (const role of roles) {
    for (const component of context.here.get(role) ?? []) builders[role](component, context).forEach(write);
  }
  const network = plan.placement === 'one-host' && { ...entry('networks', map([labelled('default')])), apart: true };
  const volumesEntry = volumes.length > 0 && { ...entry('volumes', map(volumes.map(volumeEntry))), apart: true };
  return text + mapText(map([network, plan.placement === 'machines' && dnsConfigs(plan, context.here), volumesEntry]));
}

const dnsConfig = (plan: Plan, dns: PlannedComponent): string =>
  mesosDnsConfig(plan, plan.placement === 'machines' ? dns.host : '0.0.0.0', dns.ports[0]?.target ?? 0);

/** The Mesos-DNS configuration in the Compose file of a node that has Mesos-DNS (docker/compose 2.23.1). */
function dnsConfigs(plan: Plan, here: BuilderContext['here']): YamlEntry | false {
  const [dns] = here.get('mesos-dns') ?? [];
  if (dns === undefined) return false;
  const content = literal(JSON.stringify(JSON.parse(dnsConfig(plan, dns))));
  const comment = 'In this file, as the machine that it is for has no other file of the lab.';
  return {
    ...entry('configs', map([entry(mesosDnsConfigKey, map([entry('content', content)]))]), comment),
    apart: true,
  };
}

/** The Mesos-DNS configuration beside the Compose file of a lab on one host. */
function dnsFiles(plan: Plan, components: readonly PlannedComponent[]): readonly GeneratedFile[] {
  const dns = components.find(({ role }) => role === 'mesos-dns');
  return dns === undefined ? [] : [{ path: mesosDnsConfigName, content: dnsConfig(plan, dns) }];
}

/** `docker-compose.yml` of a lab on one host, or `nodes/NAME/docker-compose.yml` for each node. */
export function composeFiles(plan: Plan): readonly GeneratedFile[] {
  if (plan.placement === 'one-host') {
    const components = plan.nodes.flatMap((node) => node.components);
    return [{ path: 'docker-compose.yml', content: composeText(plan, components) }, ...dnsFiles(plan, components)];
  }
  return plan.nodes.flatMap((node) => [
    { path: `nodes/${node.name}/docker-compose.yml`, content: composeText(plan, node.components, node) },
  ]);
}
