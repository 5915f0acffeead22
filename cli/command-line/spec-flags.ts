import {
  addons,
  imageParts,
  imageSetNames,
  presetNames,
  roles,
  vagrantProviders,
} from '../../planning/catalogue/roles.ts';
import { nodeText, oneOf, onOff, pair, someOf, text, textList, wholeNumber, type ReadValue } from './flag-values.ts';
import type { Flag } from './flag.ts';
import type { Verb } from './verbs.ts';

/** Name and value as they are typed, the key that it sets, how its value is read, and what it says. */
type Row = readonly [usage: string, sets: string, read: ReadValue, description: string, repeats?: 'repeats'];

const count = (key: string) => wholeNumber('counts', key);
const words = (list: readonly string[]) => list.join('|');

// prettier-ignore
const cluster: readonly Row[] = [
  ['name NAME', 'name', text('name'), "name of the lab; default: the folder's"],
  ['preset PRESET', 'preset', oneOf(presetNames, 'preset'), words(presetNames)],
  ['zookeepers N', 'counts.zookeepers', count('zookeepers'), 'ZooKeeper servers: 1, 3 or 5'],
  ['masters N', 'counts.masters', count('masters'), 'Mesos masters: 1, 3 or 5'],
  ['agents N', 'counts.agents', count('agents'), 'Mesos agents'],
  ['simulated-agents N', 'simulatedAgents.count', wholeNumber('simulatedAgents', 'count'), 'agents whose tasks are simulated (embedded runtime)'],
  ['marathons N', 'counts.marathons', count('marathons'), 'Marathon instances'],
  ['load-balancers N', 'counts.loadBalancers', count('loadBalancers'), 'Marathon-LB instances: 0 or 1'],
  ['addon NAME', 'addons', someOf(addons, 'addons'), words([...addons, 'none']), 'repeats'],
  ['timing TIMING', 'timing', oneOf(['standard', 'fast'], 'timing'), 'fast: a lost agent is noticed in seconds (for workshops)'],
  ['agent-docker MODE', 'agentDocker', oneOf(['dind', 'socket'], 'agentDocker'), "dind: an Engine per agent; socket: this machine's"],
  ['task-network NAME', 'taskNetwork', text('taskNetwork'), 'a Docker network in which tasks have addresses of their own'],
];

// prettier-ignore
const images: readonly Row[] = [
  ['image-set SET', 'images.set', oneOf(imageSetNames, 'images', 'set'), words(imageSetNames)],
  ['image ROLE=IMAGE', 'images.overrides.ROLE.image', pair(['images', 'overrides'], ['image'], imageParts), 'another image for a role', 'repeats'],
  ['platform ROLE=OS/ARCH', 'images.overrides.ROLE.platform', pair(['images', 'overrides'], ['platform'], imageParts), 'its platform, such as linux/amd64', 'repeats'],
  ['bind ADDRESS', 'bind', text('bind'), 'address that ports are published on; default: 127.0.0.1'],
  ['port ROLE=PORT', 'ports.ROLE', pair(['ports'], [], roles, wholeNumber()), 'another port for a role', 'repeats'],
  ['port-offset N', 'ports.offset', wholeNumber('ports', 'offset'), 'added to every published port: several labs side by side'],
  ['service-ports FIRST-LAST', 'ports.services', text('ports', 'services'), 'service ports of the load balancer; default: 10000-10020'],
  ['registry-mirror URL', 'registryMirror', text('registryMirror'), 'a pull-through cache that you have'],
  ['http-proxy URL', 'proxy.http', text('proxy', 'http'), "proxy of the agents' engines and the VMs"],
  ['https-proxy URL', 'proxy.https', text('proxy', 'https'), 'the same for https'],
  ['no-proxy HOSTS', 'proxy.noProxy', textList('proxy', 'noProxy'), 'hosts beside those of the lab, with commas', 'repeats'],
];

// prettier-ignore
const mesos: readonly Row[] = [
  ['cluster NAME', 'mesos.cluster', text('mesos', 'cluster'), 'what the web pages of Mesos call the cluster'],
  ['quorum N', 'mesos.quorum', wholeNumber('mesos', 'quorum'), 'derived; a value that does not fit is refused'],
  ['attributes TEXT', 'mesos.agent.attributes', text('mesos', 'agent', 'attributes'), "of the agents: 'rack:abc;zone:west'"],
  ['resources TEXT', 'mesos.agent.resources', text('mesos', 'agent', 'resources'), "of the agents: 'cpus:2;mem:1024'"],
  ['master-flag FLAG=VALUE', 'mesos.master.flags.FLAG', pair(['mesos', 'master', 'flags'], []), 'a flag of mesos-master', 'repeats'],
  ['agent-flag FLAG=VALUE', 'mesos.agent.flags.FLAG', pair(['mesos', 'agent', 'flags'], []), 'a flag of mesos-agent', 'repeats'],
  ['marathon-flag FLAG=VALUE', 'marathon.flags.FLAG', pair(['marathon', 'flags'], []), 'a flag of Marathon', 'repeats'],
];

// prettier-ignore
const machines: readonly Row[] = [
  ['node PARTS', 'nodes', nodeText(roles, 'nodes'), 'name=n1,address=10.0.0.2,roles=zookeeper+mesos-master', 'repeats'],
  ['placement WHERE', 'placement', oneOf(['one-host', 'machines'], 'placement'), 'one-host: all nodes on this machine; machines: each on its own'],
  ['vagrant PROVIDER', 'vagrant.provider', oneOf(vagrantProviders, 'vagrant', 'provider'), words(vagrantProviders)],
  ['box BOX', 'vagrant.box', text('vagrant', 'box'), 'Vagrant box; default: one that fits'],
  ['vm-cpus N', 'vagrant.cpus', wholeNumber('vagrant', 'cpus'), 'processors of each virtual machine'],
  ['vm-memory MB', 'vagrant.memoryMb', wholeNumber('vagrant', 'memoryMb'), 'memory of each virtual machine'],
  ['native-config', 'nativeConfig', onOff('nativeConfig'), 'also write the files under /etc for installs from packages'],
];

/** What may also be said when a lab is started, or a cluster verified: it changes no file. */
const alsoFor: Readonly<Record<string, readonly Verb[]>> = {
  'simulated-agents': ['up'],
  port: ['up'],
  'port-offset': ['up'],
  'service-ports': ['up', 'verify'],
};

/** What no generated file can hold. */
const inNoFile: ReadonlySet<string> = new Set(['simulated-agents']);

function toFlags(group: Flag['group'], rows: readonly Row[]): readonly Flag[] {
  return rows.map(([usage, sets, read, description, repeats]) => {
    const [name = '', value] = usage.split(' ');
    return {
      name,
      group,
      ...(value === undefined ? {} : { value }),
      ...(repeats === undefined ? {} : { repeats: true }),
      sets,
      read,
      description,
      verbs: [...(inNoFile.has(name) ? [] : ['create' as const]), 'plan', 'explain', ...(alsoFor[name] ?? [])],
    };
  });
}

/** The flags that say what the cluster is: each sets a key of the spec. */
export const specFlags: readonly Flag[] = [
  ...toFlags('The cluster', cluster),
  ...toFlags('Images and ports', images),
  ...toFlags('Mesos and Marathon', mesos),
  ...toFlags('Machines', machines),
];
