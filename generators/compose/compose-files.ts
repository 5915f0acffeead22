import { componentsByRole } from '../../planning/catalogue/components-by-role.ts';
import type { Plan, PlannedComponent, PlannedNode } from '../../planning/plan/plan.ts';
import { roles, type Role } from '../../planning/catalogue/roles.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { alias, entry, map, mapText, type YamlEntry } from '../text/yaml-text.ts';
import {
  labelPrefix,
  type Builder,
  type BuilderContext,
  type ComposeService,
  type ComposeVolume,
} from './compose-service.ts';
import { mesosAgentServices } from './mesos-agent.ts';
import { mesosDnsServices } from './mesos-dns.ts';
import { mesosMasterServices } from './mesos-master.ts';
import { plainServices } from './plain-service.ts';
import { registryServices } from './registry.ts';
import { taskCallerServices } from './task-callers.ts';
import { zookeeperServices } from './zookeeper.ts';

/** Of components that have something of their own. */
const builders: Readonly<Partial<Record<Role, Builder>>> = {
  zookeeper: zookeeperServices,
  'mesos-master': mesosMasterServices,
  'mesos-agent': mesosAgentServices,
  marathon: taskCallerServices,
  'marathon-lb': taskCallerServices,
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
        map([entry(`${labelPrefix}.lab`, plan.name)], 'labels'),
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

/** The Compose file of some components, service by service, so that thousands of them need no more memory than their text. */
function composeFile(
  plan: Plan,
  components: readonly PlannedComponent[],
  path: string,
  node?: PlannedNode,
): readonly GeneratedFile[] {
  const context: BuilderContext = { plan, here: componentsByRole(components) };
  const volumes: ComposeVolume[] = [];
  const configs: YamlEntry[] = [];
  const files: GeneratedFile[] = [];
  let text = headerComment + mapText(map(fileHead(plan, node))) + '\nservices:\n';
  let first = true;
  const write = ({ name, body, ...more }: ComposeService) => {
    text += (first ? '' : '\n') + mapText(map([entry(name, map(body))]), '  ');
    first = false;
    volumes.push(...more.volumes);
    configs.push(...(more.configs ?? []));
    files.push(...(more.files ?? []));
  };
  for (const role of roles) {
    for (const component of context.here.get(role) ?? []) {
      (builders[role] ?? plainServices)(component, context).forEach(write);
    }
  }
  const network = plan.placement === 'one-host' && { ...entry('networks', map([labelled('default')])), apart: true };
  const configsEntry = configs.length > 0 && { ...entry('configs', map(configs), whyConfigs), apart: true };
  const volumesEntry = volumes.length > 0 && { ...entry('volumes', map(volumes.map(volumeEntry))), apart: true };
  return [{ path, content: text + mapText(map([network, configsEntry, volumesEntry])) }, ...files];
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
