import { componentsByRole } from '../../planning/catalogue/components-by-role.ts';
import type { Plan, PlannedComponent, PlannedNode } from '../../planning/plan/plan.ts';
import { roles, type Role } from '../../planning/catalogue/roles.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { yamlText } from '../../planning/spec-text/write-yaml.ts';
import { alias, apart, entry, map, type YamlEntry } from '../text/yaml-text.ts';
import { chronosServices, mesosDnsServices, registryServices } from './addons.ts';
import { labelPrefix, literal, type Builder, type BuilderContext, type ComposeVolume } from './compose-service.ts';
import { marathonLbServices } from './marathon-lb.ts';
import { marathonServices } from './marathon.ts';
import { mesosAgentServices } from './mesos-agent.ts';
import { mesosDnsConfig, mesosDnsConfigKey, mesosDnsConfigName } from './mesos-dns-config.ts';
import { mesosMasterServices } from './mesos-master.ts';
import { zookeeperServices } from './zookeeper.ts';

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
    apart(
      entry(
        'x-labels',
        map([entry(`${labelPrefix}.lab`, plan.name)], 'labels'),
        "Mark containers, volumes and the network as this lab's: nothing else is ever touched.",
      ),
    ),
    apart(
      entry(
        'x-logging',
        map(
          [entry('driver', 'local'), entry('options', map([entry('max-size', '10m'), entry('max-file', '3')]))],
          'logging',
        ),
        node === undefined ? 'A lab that is left running does not fill the disk.' : undefined,
      ),
    ),
  ];
}

const labelled = (name: string, options: readonly YamlEntry[] = []): YamlEntry =>
  entry(name, map([...options, entry('labels', alias('labels'))]));

/** Shared by the containers of a pod as long as one of them runs. */
const inMemory: readonly YamlEntry[] = [
  entry('driver_opts', map([entry('type', 'tmpfs'), entry('device', 'tmpfs'), entry('o', 'size=64m,mode=755')])),
];

const volumeEntry = ({ name, memory }: ComposeVolume): YamlEntry => labelled(name, memory === true ? inMemory : []);

/** The text of one Compose file. */
function composeText(plan: Plan, components: readonly PlannedComponent[], node?: PlannedNode): string {
  const context: BuilderContext = { plan, here: componentsByRole(components) };
  const built = roles.flatMap((role) =>
    (context.here.get(role) ?? []).flatMap((component) => builders[role](component, context)),
  );
  const services = built.map(({ name, body }) => entry(name, map(body)));
  const volumes = built.flatMap((service) => service.volumes);
  const file = map([
    ...fileHead(plan, node),
    apart(entry('services', map(services.map((service, index) => (index === 0 ? service : apart(service)))))),
    plan.placement === 'one-host' && apart(entry('networks', map([labelled('default')]))),
    plan.placement === 'machines' && dnsConfigs(plan, context.here),
    volumes.length > 0 && apart(entry('volumes', map(volumes.map(volumeEntry)))),
  ]);
  return headerComment + yamlText(file);
}

const dnsConfig = (plan: Plan, dns: PlannedComponent): string =>
  mesosDnsConfig(plan, plan.placement === 'machines' ? dns.host : '0.0.0.0', dns.ports[0]?.target ?? 0);

/** The Mesos-DNS configuration in the Compose file of a node that has Mesos-DNS (docker/compose 2.23.1). */
function dnsConfigs(plan: Plan, here: BuilderContext['here']): YamlEntry | false {
  const [dns] = here.get('mesos-dns') ?? [];
  if (dns === undefined) return false;
  const content = literal(JSON.stringify(JSON.parse(dnsConfig(plan, dns))));
  const comment = 'In this file, as the machine that it is for has no other file of the lab.';
  return apart(entry('configs', map([entry(mesosDnsConfigKey, map([entry('content', content)]))]), comment));
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
