import { componentsByRole } from '../../planning/catalogue/components-by-role.ts';
import type { Plan, PlannedComponent, PlannedNode } from '../../planning/plan/plan.ts';
import { roles, type Role } from '../../planning/catalogue/roles.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { yamlText } from '../../planning/spec-text/write-yaml.ts';
import { alias, apart, entry, map, type YamlEntry } from '../text/yaml-text.ts';
import { cleanerAnchor } from './cleaner.ts';
import { type Builder, type BuilderContext, type ComposeVolume } from './compose-service.ts';
import { grafanaServices } from './grafana.ts';
import { networkOptions } from './lab-network.ts';
import { logsServices, lokiServices } from './logs.ts';
import { mesosAgentServices } from './mesos-agent.ts';
import { mesosDnsServices } from './mesos-dns.ts';
import { mesosMasterServices } from './mesos-master.ts';
import { cadvisorServices, nodeExporterServices, prometheusServices } from './metrics.ts';
import { plainServices } from './plain-service.ts';
import { registryServices } from './registry.ts';
import { taskCallerServices } from './task-callers.ts';
import { taskNetworkAnchor } from './task-network.ts';
import { zookeeperServices } from './zookeeper.ts';
import { labLabel } from '../../protocol/lab-labels.ts';

/** Of components that have something of their own. */
const builders: Readonly<Partial<Record<Role, Builder>>> = {
  zookeeper: zookeeperServices,
  'mesos-master': mesosMasterServices,
  'mesos-agent': mesosAgentServices,
  marathon: taskCallerServices,
  'marathon-lb': taskCallerServices,
  'mesos-dns': mesosDnsServices,
  // It asks agents what their tasks use.
  autoscaler: taskCallerServices,
  registry: registryServices,
  logs: logsServices,
  prometheus: prometheusServices,
  loki: lokiServices,
  grafana: grafanaServices,
  'node-exporter': nodeExporterServices,
  cadvisor: cadvisorServices,
};

/** Anchors that every service repeats. */
function fileHead(plan: Plan, node: PlannedNode | undefined): readonly YamlEntry[] {
  const ofPods = [cleanerAnchor(plan), taskNetworkAnchor(plan)].filter((anchor) => anchor !== undefined);
  return [
    entry('name', plan.name),
    apart(
      entry(
        'x-labels',
        map([entry(labLabel, plan.name)], 'labels'),
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
    ...ofPods.map(apart),
  ];
}

const labelled = (name: string, options: readonly YamlEntry[] = []): YamlEntry =>
  entry(name, map([...options, entry('labels', alias('labels'))]));

/** Shared by the containers of a pod as long as one of them runs. */
const inMemory: readonly YamlEntry[] = [
  entry('driver_opts', map([entry('type', 'tmpfs'), entry('device', 'tmpfs'), entry('o', 'size=64m,mode=755')])),
];

const volumeEntry = ({ name, memory }: ComposeVolume): YamlEntry => labelled(name, memory === true ? inMemory : []);

/** The Compose file of some components, and the files beside it. */
function composeFile(
  plan: Plan,
  components: readonly PlannedComponent[],
  path: string,
  node?: PlannedNode,
): readonly GeneratedFile[] {
  const context: BuilderContext = { plan, here: componentsByRole(components) };
  const built = roles.flatMap((role) =>
    (context.here.get(role) ?? []).flatMap((component) => (builders[role] ?? plainServices)(component, context)),
  );
  const services = built.map(({ name, body }) => entry(name, map(body)));
  const configs = built.flatMap((service) => service.configs ?? []);
  const secrets = built.flatMap((service) => service.secrets ?? []);
  const volumes = built.flatMap((service) => service.volumes);
  const file = map([
    ...fileHead(plan, node),
    apart(entry('services', map(services.map((service, index) => (index === 0 ? service : apart(service)))))),
    plan.placement === 'one-host' && apart(entry('networks', map([labelled('default', networkOptions(plan))]))),
    configs.length > 0 && apart(entry('configs', map(configs), whyConfigs)),
    secrets.length > 0 && apart(entry('secrets', map(secrets))),
    volumes.length > 0 && apart(entry('volumes', map(volumes.map(volumeEntry)))),
  ]);
  return [{ path, content: headerComment + yamlText(file) }, ...built.flatMap((service) => service.files ?? [])];
}

/** For docker/compose 2.23.1 and newer. */
const whyConfigs = 'In this file, as the machine that it is for has no other file of the lab.';

/** `docker-compose.yml` of a lab on one host, or `nodes/NAME/docker-compose.yml` for each node; and files beside it. */
export function composeFiles(plan: Plan): readonly GeneratedFile[] {
  if (plan.placement === 'one-host') {
    const components = plan.nodes.flatMap((node) => node.components);
    return composeFile(plan, components, 'docker-compose.yml');
  }
  return plan.nodes.flatMap((node) =>
    composeFile(plan, node.components, `nodes/${node.name}/docker-compose.yml`, node),
  );
}
