import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import { checkPlan } from '../../planning/plan-rules/check-plan-ports.ts';
import { suggestLabel } from '../../planning/rules/check-names.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { presetNames } from '../../planning/catalogue/roles.ts';
import { shapedSpec } from './arbitrary-spec.ts';
import { placeOf, problemsOf, withoutMarks } from './spec-text/marked-spec.ts';
import { anyCharacter } from '../support/any-character.ts';

const hosts = (nodes: string, more = '') => `name: lab\nplacement: machines\nnodes:\n${nodes}${more}`;
const central = '  - {name: a, address: 10.0.0.11, roles: [zookeeper, mesos-master, marathon, mesos-agent]}\n';
const second = (settings: string, roles = 'mesos-agent') =>
  hosts(`${central}  - {name: b, roles: [${roles}], ${settings}}\n`);
const vm = (address: string, provider = 'virtualbox') =>
  hosts(
    `  - {name: a, address: ${address}, roles: [zookeeper, mesos-master, mesos-agent]}\n`,
    `vagrant: {provider: ${provider}}`,
  );
const flags = (program: 'master' | 'agent', text: string) => `name: lab\nmesos:\n  ${program}:\n    flags: {${text}}`;

/** Title, text with ▶ before each mistake, their code (`?` in front: a warning), and a part of the first one's fix. */
type Case = readonly [string, string, string, string];

const names: readonly Case[] = [
  ['capitals in the name of the lab', 'name: ▶My Lab', 'SPEC_NAME', 'Write my-lab'],
  ['a name for shells', 'name: ▶$(reboot)', 'SPEC_NAME', 'Write reboot'],
  ['a name for Ruby', 'name: ▶"#{exit}"', 'SPEC_NAME', 'Write exit'],
  ['a name of emoji', 'name: ▶😀', 'SPEC_NAME', 'Write lab'],
  ['an empty name', 'name: ▶""', 'SPEC_NAME', 'Write lab'],
  ['a long name', `name: ▶${'a'.repeat(64)}`, 'SPEC_NAME', `Write ${'a'.repeat(63)}`],
  ['a name with a line break', 'name: ▶"a\\nb"', 'SPEC_NAME', 'Write a-b'],
  ['a node with an underscore', hosts(central.replace('name: a', 'name: ▶a_1')), 'SPEC_NAME', 'Write a-1'],
  ['a node that reads as an address', hosts(central.replace('name: a', 'name: ▶"12"')), 'SPEC_NAME', 'node12'],
  ['a node called localhost', hosts(central.replace('name: a', 'name: ▶localhost')), 'SPEC_NAME', 'node1'],
  [
    'two nodes of one name',
    hosts(central + '  - {name: ▶a, address: 10.0.0.12, roles: [mesos-agent]}'),
    'SPEC_DUPLICATE',
    'its own',
  ],
  ['two nodes of one address', second('address: ▶10.0.0.11'), 'SPEC_DUPLICATE', 'address of its own'],
  [
    'two nodes of one Engine',
    hosts(
      central.replace('name: a', 'name: a, docker: "ssh://me@Host:22"') +
        '  - {name: b, address: 10.0.0.12, roles: [mesos-agent], docker: ▶"ssh://me@host"}',
    ),
    'SPEC_DUPLICATE',
    'Engine of its own',
  ],
  ['an add-on twice', 'name: lab\naddons: [chronos, ▶chronos]', 'SPEC_DUPLICATE', 'Remove'],
  ['an empty cluster name', 'name: lab\nmesos: {cluster: ▶""}', 'SPEC_VALUE', 'Write a name'],
  ['a long cluster name', `name: lab\nmesos: {cluster: ▶${'a'.repeat(257)}}`, 'SPEC_VALUE', 'Shorten'],
  ['a cluster name with a line break', 'name: lab\nmesos: {cluster: ▶"a\\nb"}', 'SPEC_VALUE', 'one line'],
  ['a NUL in a value', 'name: lab\nmesos: {cluster: ▶"a\\0b"}', 'SPEC_VALUE', 'Remove the character'],
];

const numbers: readonly Case[] = [
  ['two masters', 'name: lab\ncounts: {masters: ▶2}', 'SPEC_QUORUM', '1 or 3'],
  ['four ZooKeepers', 'name: lab\ncounts: {zookeepers: ▶4}', 'SPEC_QUORUM', '3 or 5'],
  ['no master', 'name: lab\ncounts: {masters: ▶▶0}', 'SPEC_ROLES', 'mesos-master'],
  ['no ZooKeeper', 'name: lab\ncounts: {zookeepers: ▶0}', 'SPEC_ROLES', 'zookeeper'],
  ['no Marathon for the load balancer', 'name: lab\ncounts: {marathons: ▶0}', 'SPEC_ROLES', 'marathon'],
  ['no agent', 'name: lab\ncounts: {agents: ▶0}', '?SPEC_ROLES', 'agents'],
  ['a negative count', 'name: lab\ncounts: {marathons: 1, agents: ▶-1}', 'SPEC_VALUE', '0 for none'],
  ['too many agents', 'name: lab\ncounts: ▶{agents: 10001}', 'SPEC_VALUE', 'fewer'],
  ['nine ZooKeepers', 'name: lab\ncounts: {zookeepers: ▶9}', '?SPEC_QUORUM', '5'],
  ['nine masters', 'name: lab\ncounts: {masters: ▶9}', '?SPEC_QUORUM', '5'],
  ['257 ZooKeepers', 'name: lab\ncounts: {zookeepers: ▶257}', 'SPEC_ID', '3 or 5'],
  ['a quorum of all', 'name: lab\npreset: ha\nmesos: {quorum: ▶3}', 'SPEC_QUORUM', 'Write 2'],
  ['a quorum of nobody', 'name: lab\nmesos: {quorum: ▶0}', 'SPEC_QUORUM', 'Write 1'],
  ['two load balancers', 'name: lab\ncounts: {loadBalancers: ▶2}', 'SPEC_COMBINATION', 'Make it 1'],
  [
    'two masters on nodes',
    hosts(central + '  - {name: b, address: 10.0.0.12, roles: [mesos-master]}').replace(
      'nodes:\n  - ',
      'nodes:\n  ▶- ',
    ),
    'SPEC_QUORUM',
    '1 or 3',
  ],
  ['an id of 256', hosts(central.replace('name: a', 'name: a, zookeeperId: ▶256')), 'SPEC_ID', 'remove the key'],
  ['an id of 0', hosts(central.replace('name: a', 'name: a, zookeeperId: ▶0')), 'SPEC_ID', 'remove the key'],
  ['an id without ZooKeeper', second('address: 10.0.0.12, ▶zookeeperId: 1'), 'SPEC_ID', 'Remove it'],
];

const roles: readonly Case[] = [
  ['no role', second('address: 10.0.0.12').replace('[mesos-agent]', '▶[]'), 'SPEC_ROLES', 'mesos-agent'],
  ['a role twice', second('address: 10.0.0.12', 'mesos-agent, ▶mesos-agent'), 'SPEC_ROLES', 'Remove'],
  [
    'an agent alone',
    hosts('  - {name: a, address: 10.0.0.12, roles: [▶mesos-agent]}'),
    'SPEC_ROLES',
    'Add a mesos-master',
  ],
  [
    'a load balancer without Marathon',
    hosts('  - {name: a, address: 10.0.0.12, roles: [zookeeper, mesos-master, mesos-agent, ▶marathon-lb]}'),
    'SPEC_ROLES',
    'Add a marathon',
  ],
  [
    'two registries on one host',
    'name: lab\nnodes: [{name: a, roles: [zookeeper, mesos-master, mesos-agent, registry]}, {name: b, roles: [▶registry]}]',
    'SPEC_ROLES',
    'Remove the role registry',
  ],
  ['no node', 'name: lab\nplacement: machines\nnodes: ▶[]', 'SPEC_ROLES', 'mesos-master'],
  [
    'attributes without an agent',
    hosts(central + '  - {name: b, address: 10.0.0.12, roles: [marathon], ▶attributes: {a: b}}'),
    '?SPEC_ATTRIBUTES',
    'Remove',
  ],
];

const addresses: readonly Case[] = [
  ['no address', hosts(`${central}  - ▶name: b\n    roles: [mesos-agent]`), 'SPEC_ADDRESS', '192.168.56.11'],
  ['a name as an address', second('address: ▶node2'), 'SPEC_ADDRESS', 'four numbers'],
  ['leading zeros', second('address: ▶10.0.0.012'), 'SPEC_ADDRESS', 'Write 10.0.0.12'],
  ['three numbers', second('address: ▶10.0.12'), 'SPEC_ADDRESS', 'four numbers'],
  ['256', second('address: ▶10.0.0.256'), 'SPEC_ADDRESS', 'four numbers'],
  [
    'an address with a port',
    second('address: "▶10.0.0.2:5050"').replace('"▶', '▶"'),
    'SPEC_ADDRESS',
    'without the port',
  ],
  ['an address with a length', second('address: ▶10.0.0.2/24'), 'SPEC_ADDRESS', 'Write 10.0.0.2, without the length'],
  ['IPv6', second('address: ▶"fd00::1"'), 'SPEC_ADDRESS', 'IPv4'],
  ['a loopback address', second('address: ▶127.0.0.1'), 'SPEC_ADDRESS', 'own address'],
  ['the unspecified address', second('address: ▶0.0.0.0'), 'SPEC_ADDRESS', 'own address'],
  ['a multicast address', second('address: ▶224.0.0.5'), 'SPEC_ADDRESS', 'own address'],
  ['the broadcast address', second('address: ▶255.255.255.255'), 'SPEC_ADDRESS', 'own address'],
  ["a network's broadcast address", second('address: ▶10.0.0.255'), '?SPEC_ADDRESS', '.11'],
  ["a router's address", second('address: ▶10.0.0.1'), '?SPEC_ADDRESS', '.11'],
  ['a public address', second('address: ▶8.8.8.8'), '?SPEC_ADDRESS', 'private'],
  ['an address VirtualBox refuses', vm('▶10.0.0.11'), 'SPEC_ADDRESS', '192.168.56.11'],
  ['an address past the range of VirtualBox', vm('▶192.168.64.11'), 'SPEC_ADDRESS', '192.168.56.11'],
  ["the host's own adapter", vm('▶192.168.59.1'), '?SPEC_ADDRESS', '.11'],
  [
    'a preset that VirtualBox refuses',
    'name: lab\npreset: ▶▶two-host\nvagrant: {}',
    'SPEC_ADDRESS',
    'vagrant.provider',
  ],
  [
    'an address on one host',
    `name: lab\nplacement: one-host\nnodes:\n${central.replace('address', '▶address')}`,
    'SPEC_COMBINATION',
    'placement: machines',
  ],
  ['a bind that is a name', 'name: lab\nbind: ▶localhost', 'SPEC_ADDRESS', 'Write 127.0.0.1'],
  ['a bind with a port', 'name: lab\nbind: ▶127.0.0.1:80', 'SPEC_ADDRESS', 'without a name, a port'],
  ['a multicast bind', 'name: lab\nbind: ▶224.0.0.1', 'SPEC_ADDRESS', '127.0.0.1'],
  ['an open bind', 'name: lab\nbind: ▶0.0.0.0', '?SPEC_ADDRESS', 'firewall'],
  ['an open IPv6 bind', 'name: lab\nbind: ▶"::"', '?SPEC_ADDRESS', 'firewall'],
];

const ports: readonly Case[] = [
  ['port 0', 'name: lab\nports: {marathon: ▶0}', 'SPEC_PORT', '65535'],
  ['port 65536', 'name: lab\nports: {marathon: ▶65536}', 'SPEC_PORT', '65535'],
  ['a range without an end', 'name: lab\nports: {services: ▶"10000"}', 'SPEC_PORT', '10000-10020'],
  ['a range backwards', 'name: lab\nports: {services: ▶10020-10000}', 'SPEC_PORT', '10000-10020'],
  ['a wide range', 'name: lab\nports: {services: ▶10000-11000}', 'SPEC_PORT', '10000-10020'],
  ['a range past the end', 'name: lab\nports: {services: ▶65500-65536}', 'SPEC_PORT', '10000-10020'],
  ['Marathon on the port of the master', 'name: lab\nports: {marathon: ▶5050}', 'SPEC_PORT', 'ports.marathon'],
  ['service ports over Marathon', 'name: lab\nports: {services: ▶8000-8100}', 'SPEC_PORT', 'narrow the range'],
  ['service ports over HAProxy', 'name: lab\nports: {services: ▶9085-9095}', 'SPEC_PORT', 'narrow'],
  ['masters past the last port', 'name: lab\npreset: ha\nports: {mesos-master: ▶65530}', 'SPEC_PORT', 'smaller'],
  ['a port of a node taken twice', hosts(central, 'ports: {marathon: ▶2888}'), 'SPEC_PORT', 'ports.marathon'],
  [
    "a port on ZooKeeper's own",
    hosts(central, 'ports: {marathon: ▶3888}'),
    'SPEC_PORT',
    'Change ports.marathon: a-zookeeper (election) cannot be moved',
  ],
  [
    'a port on what HAProxy always has',
    hosts(central.replace('marathon,', 'marathon, marathon-lb,'), 'ports: {marathon: ▶443}'),
    'SPEC_PORT',
    'Change ports.marathon: a-marathon-lb (https) cannot be moved',
  ],
  [
    'the statistics of HAProxy on several hosts',
    hosts(central.replace('marathon,', 'marathon, marathon-lb,'), 'ports: {marathon-lb: ▶9095}'),
    'SPEC_PORT',
    'Remove the key',
  ],
  [
    'the port of virtual hosts published on several hosts',
    hosts(central.replace('marathon,', 'marathon, marathon-lb,'), 'ports: {virtual-hosts: ▶8081}'),
    'SPEC_COMBINATION',
    'Remove it',
  ],
  [
    'virtual hosts without a load balancer',
    'name: lab\ncounts: {loadBalancers: 0}\nports: {▶virtual-hosts: 8081}',
    'SPEC_PORT',
    'Leave it out',
  ],
  [
    'virtual hosts on the port of Marathon',
    'name: lab\nports: {virtual-hosts-tls: ▶8080}',
    'SPEC_PORT',
    'ports.virtual-hosts-tls',
  ],
  ['a port of app ids that is none', 'name: lab\nports: {app-ids: ▶0}', 'SPEC_PORT', '65535'],
  [
    'published ports among those of tasks on the same host',
    'name: lab\nagentDocker: socket\nports: {marathon: ▶31050}',
    'SPEC_PORT',
    'Change ports.marathon or mesos.agent.resources',
  ],
  [
    'service ports among those of tasks on the same host',
    'name: lab\nagentDocker: socket\nports: {services: ▶31090-31110}',
    'SPEC_PORT',
    'narrow',
  ],
  [
    'more agents on one Engine than there are parts of the task ports',
    'name: lab\nagentDocker: socket\ncounts: {agents: ▶21}',
    'SPEC_PORT',
    'Make it 20, or use agentDocker: dind',
  ],
  [
    'agents on one host with the same ports for tasks',
    'name: lab\nagentDocker: socket\nmesos: {agent: {resources: ▶"cpus:1;ports:[33000-33100]"}}',
    'SPEC_PORT',
    'Leave ports out',
  ],
  [
    'two nodes on one host with overlapping ports for tasks',
    'name: lab\nagentDocker: socket\nnodes:\n  - {name: a, roles: [zookeeper, mesos-master, mesos-agent], resources: "ports:[33000-33100]"}\n  - {name: b, roles: [mesos-agent], resources: ▶"ports:[33100-33200]"}',
    'SPEC_PORT',
    'Change nodes[1].resources or nodes[0].resources',
  ],
  ['a port of a role that nobody has', 'name: lab\nports: {▶chronos: 4401}', 'SPEC_PORT', '--addon chronos'],
  [
    'a port of a load balancer where there is none',
    'name: lab\ncounts: {loadBalancers: 0}\nports: {▶marathon-lb: 9091}',
    'SPEC_PORT',
    'Leave it out',
  ],
  [
    'virtual hosts where there is no load balancer',
    'name: lab\ncounts: {loadBalancers: 0}\nports: {▶virtual-hosts: 8081}',
    'SPEC_PORT',
    'Leave it out',
  ],
  ['an agent in its own way', 'name: lab\nports: {mesos-agent: ▶31000}', 'SPEC_PORT', 'ports.mesos-agent'],
  [
    'a port of a node among those of tasks',
    hosts(central, 'ports: {marathon: ▶31500}'),
    'SPEC_PORT',
    'mesos.agent.resources',
  ],
];

const values: readonly Case[] = [
  [
    'an image in capitals',
    'name: lab\nimages: {overrides: {marathon: {image: ▶Mesosphere/Marathon}}}',
    'SPEC_IMAGE',
    'mesosphere/marathon',
  ],
  [
    'an image with a URL',
    'name: lab\nimages: {overrides: {marathon: {image: ▶https://r/a}}}',
    'SPEC_IMAGE',
    'https://',
  ],
  [
    'an image like an option',
    'name: lab\nimages: {overrides: {marathon: {image: ▶--privileged}}}',
    'SPEC_IMAGE',
    'lower-case',
  ],
  [
    'a processor as a platform',
    'name: lab\nimages: {overrides: {marathon: {platform: ▶x86_64}}}',
    'SPEC_IMAGE',
    'linux/amd64',
  ],
  [
    'a platform of no image',
    'name: lab\nimages: {overrides: {marathon: {platform: ▶windows/amd64}}}',
    'SPEC_IMAGE',
    'Write linux/amd64',
  ],
  [
    'a processor by the name of its maker',
    'name: lab\nimages: {overrides: {marathon: {platform: ▶linux/aarch64}}}',
    'SPEC_IMAGE',
    'Write linux/arm64',
  ],
  ['an empty command', 'name: lab\nimages: {overrides: {marathon: {command: ▶[]}}}', 'SPEC_IMAGE', 'list'],
  ['resources without a value', 'name: lab\nmesos: {agent: {resources: ▶cpus}}', 'SPEC_RESOURCES', 'cpus:value'],
  ['resources with a unit', 'name: lab\nmesos: {agent: {resources: ▶cpus:2;mem:2GB}}', 'SPEC_RESOURCES', 'mem:2'],
  ['resources of a node', second('address: 10.0.0.12, resources: ▶"ports:[2-1]"'), 'SPEC_RESOURCES', '[first-last'],
  ['attributes without a value', 'name: lab\nmesos: {agent: {attributes: ▶rack}}', 'SPEC_ATTRIBUTES', 'rack:value'],
  [
    'an attribute map with a separator',
    'name: lab\nmesos: {agent: {attributes: {rack: ▶a;b}}}',
    'SPEC_ATTRIBUTES',
    ';',
  ],
  ['Docker without TLS', second('address: 10.0.0.12, docker: ▶"tcp://10.0.0.12:2375"'), 'SPEC_VALUE', 'TLS'],
  [
    'an endpoint like an option',
    second('address: 10.0.0.12, docker: ▶"ssh://-oProxyCommand=x"'),
    'SPEC_VALUE',
    'ssh://user@host',
  ],
  ['an endpoint with a password', second('address: 10.0.0.12, docker: ▶"ssh://a:b@host"'), 'SPEC_VALUE', 'key'],
  ['a relative socket', second('address: 10.0.0.12, docker: ▶unix://docker.sock'), 'SPEC_VALUE', 'absolute'],
  ['an unknown endpoint', second('address: 10.0.0.12, docker: ▶http://host'), 'SPEC_VALUE', 'ssh://'],
  ['a relative znode', 'name: lab\nmesos: {zkPath: ▶mesos}', 'SPEC_PATH', 'Write /mesos'],
  ['the root znode', 'name: lab\nmesos: {zkPath: ▶/}', 'SPEC_PATH', '/mesos'],
  ["ZooKeeper's znode", 'name: lab\nmesos: {zkPath: ▶/zookeeper/a}', 'SPEC_PATH', '/mesos'],
  ['a slash at the end', 'name: lab\nmarathon: {zkPath: ▶/a//b/}', 'SPEC_PATH', 'Write /a/b'],
  ['one znode for two', 'name: lab\nmarathon: {zkPath: ▶/mesos}', 'SPEC_PATH', '/marathon'],
  ['a znode in another', 'name: lab\nmarathon: {zkPath: ▶/mesos/marathon}', '?SPEC_PATH', '/marathon'],
  ['a relative work directory', 'name: lab\nmesos: {workDir: ▶mesos}', 'SPEC_PATH', '/var/lib/mesos'],
  ['the root as work directory', 'name: lab\nmesos: {workDir: ▶/}', 'SPEC_PATH', '/var/lib/mesos'],
  ['a work directory under /tmp', 'name: lab\nmesos: {workDir: ▶/tmp/mesos}', 'SPEC_PATH', '/var/lib/mesos'],
  ...[
    '/etc',
    '/usr/local/mesos',
    '/var/lib/docker/mesos',
    '/var/run/mesos',
    '/root/mesos',
    '/mesos',
    '/var/lib',
    '/home/me',
  ].map((folder): Case => [
    `the work directory ${folder}`,
    `name: lab\nmesos: {workDir: ▶${folder}}`,
    'SPEC_PATH',
    'mesos',
  ]),
  ['a work directory that climbs', 'name: lab\nmesos: {workDir: ▶/var/../etc}', 'SPEC_PATH', '/../'],
  ['a work directory for shells', 'name: lab\nmesos: {workDir: ▶"/a/$(id)"}', 'SPEC_PATH', '/var/lib/mesos'],
  ['a proxy without a scheme', 'name: lab\nproxy: {http: ▶proxy:3128}', 'SPEC_VALUE', 'Write http://proxy:3128'],
  ['a proxy with a password', 'name: lab\nproxy: {https: ▶"http://me:secret@proxy:3128"}', 'SPEC_VALUE', 'environment'],
  [
    'a proxy on localhost',
    'name: lab\nproxy: {http: ▶"http://localhost:3128"}',
    '?SPEC_VALUE',
    "this machine's address",
  ],
  [
    'a Prometheus without an autoscaler',
    'name: lab\n▶autoscale: {prometheus: "http://prometheus:9090"}',
    'SPEC_COMBINATION',
    'addons: [autoscaler]',
  ],
  [
    'a Prometheus that is none',
    'name: lab\naddons: [autoscaler]\nautoscale: {prometheus: ▶prometheus:9090}',
    'SPEC_VALUE',
    'http://prometheus.example:9090',
  ],
  ['a limit without a registry', 'name: lab\n▶registry: {limitMb: 100}', 'SPEC_COMBINATION', 'addons: [registry]'],
  [
    'a registry that stores nothing',
    'name: lab\naddons: [registry]\nregistry: {limitMb: ▶0}',
    'SPEC_VALUE',
    'Write 10000 for ten gigabytes',
  ],
  ['a mirror on the loopback', 'name: lab\nregistryMirror: ▶http://127.0.0.1:5000', '?SPEC_VALUE', 'docker.internal'],
  ['a mirror with a path', 'name: lab\nregistryMirror: ▶http://mirror:5000/v2/', 'SPEC_VALUE', 'Remove "/v2/"'],
  ['a mirror for shells', 'name: lab\nregistryMirror: ▶"http://a$(id)"', 'SPEC_VALUE', 'http://mirror.example:5000'],
  [
    'several hosts in one entry',
    'name: lab\nproxy: {http: "http://p:1", noProxy: [▶"a,b"]}',
    'SPEC_VALUE',
    'item of its own',
  ],
  [
    'little memory',
    vm('192.168.56.11').replace('}', '}').replace('virtualbox}', 'virtualbox, memoryMb: ▶2}'),
    'SPEC_VALUE',
    '2048',
  ],
  ['no processor', vm('192.168.56.11').replace('virtualbox}', 'virtualbox, cpus: ▶0}'), 'SPEC_VALUE', '2'],
  [
    'a box for Ruby',
    vm('192.168.56.11').replace('virtualbox}', 'virtualbox, box: ▶"a#{exit}"}'),
    'SPEC_VALUE',
    'bento/debian-12',
  ],
];

const combinations: readonly Case[] = [
  ['dind on machines of their own', hosts(central, 'agentDocker: ▶dind'), 'SPEC_COMBINATION', 'Remove agentDocker'],
  [
    'counts and nodes',
    `name: lab\n▶counts: {agents: 2}\nnodes: [{name: a, roles: [zookeeper, mesos-master, mesos-agent]}]`,
    'SPEC_COMBINATION',
    'Remove counts',
  ],
  [
    'counts for a preset of nodes',
    'name: lab\npreset: three-vm\n▶counts: {agents: 2}',
    'SPEC_COMBINATION',
    'under nodes',
  ],
  [
    'old Mesos on one host',
    'name: lab\nimages: {set: ▶stock}',
    '?SPEC_COMBINATION',
    'systemd.unified_cgroup_hierarchy=0',
  ],
  ['hosts without nodes', 'name: lab\nplacement: ▶machines', 'SPEC_COMBINATION', 'such a preset'],
  ['Vagrant on one host', 'name: lab\n▶vagrant: {}', 'SPEC_COMBINATION', 'placement: machines'],
  ['files for packages on one host', 'name: lab\n▶nativeConfig: true', 'SPEC_COMBINATION', 'placement: machines'],
  [
    'an Engine per node on one host',
    'name: lab\nnodes: [{name: a, roles: [zookeeper, mesos-master, mesos-agent], ▶docker: "ssh://a"}]',
    'SPEC_COMBINATION',
    'placement: machines',
  ],
  ['bind on several hosts', hosts(central, '▶bind: 127.0.0.1'), '?SPEC_COMBINATION', 'Remove it'],
];

const passedFlags: readonly Case[] = [
  ['a flag nobody has', flags('master', '▶xyzzyxyzzy: 1'), 'SPEC_FLAG', 'silently'],
  ['a mistyped flag', flags('master', '▶agent_ping_timeot: 5secs'), 'SPEC_FLAG', 'Did you mean agent_ping_timeout?'],
  ['a flag of another program', flags('master', '▶containerizers: docker'), 'SPEC_FLAG', 'mesos-agent'],
  ['a duration without a unit', flags('agent', 'executor_registration_timeout: ▶5'), 'SPEC_FLAG', 'Write'],
  ['the quorum as a flag', flags('master', '▶quorum: 1'), 'SPEC_FLAG', 'mesos.quorum'],
  ['the work directory as a variable', flags('agent', '▶MESOS_WORK_DIR: /a'), 'SPEC_FLAG', 'mesos.workDir'],
  [
    'two names of one flag',
    flags('master', 'authenticate_agents: true, ▶authenticate_slaves: true'),
    'SPEC_FLAG',
    'Remove authenticate_slaves',
  ],
  [
    'orphans on a shared Engine',
    `${flags('agent', 'docker_kill_orphans: ▶true')}\nagentDocker: socket`,
    'SPEC_FLAG',
    'Remove it',
  ],
  [
    'the secret of a flag',
    'name: lab\nmarathon: {flags: {http_credentials: ▶"admin:pw"}}',
    'SPEC_FLAG',
    'MARATHON_HTTP_CREDENTIALS in a Compose file of your own',
  ],
  [
    'a secret that may be in a file, of another flag',
    'name: lab\nmarathon: {flags: {mesos_authentication_secret: ▶pw}}',
    'SPEC_FLAG',
    'its path into mesos_authentication_secret_file',
  ],
  [
    'a secret where a path should be',
    flags('master', `credentials: ▶'{"credentials": []}'`),
    'SPEC_FLAG',
    'into a file',
  ],
  [
    'registry passwords',
    flags('agent', `docker_config: ▶'{"auths": {"a": {"auth": "x"}}}'`),
    'SPEC_FLAG',
    'into a file of the lab (secrets/docker-config.json), and its path into mesos.agent.dockerConfig',
  ],
  [
    'registry passwords, on machines',
    flags('agent', `docker_config: ▶'{"auths": {"a": {"auth": "x"}}}'`).replace(
      'name: lab',
      'name: lab\npreset: two-host',
    ),
    'SPEC_FLAG',
    'into a file on each machine (/etc/mesos/secret), and its path into mesos.agent.dockerConfig',
  ],
  [
    'registry passwords twice',
    `${flags('agent', '▶docker_config: /etc/config.json')}\n    dockerConfig: secrets/config.json`,
    'SPEC_COMBINATION',
    'Remove it here',
  ],
  ['a URL with a password', flags('agent', 'docker_registry: ▶https://a:pw@b'), 'SPEC_FLAG', 'Remove it'],
  ...(
    [
      ['outside of the secrets', 'apps/config.json'],
      ['above the secrets', 'secrets/../config.json'],
      ['of no name', 'secrets'],
      ['with the scheme of the flag', 'file:///etc/config.json'],
      ['with a variable', '/etc/$HOME.json'],
      ['that is itself one', `'{"auths": {"a": {"auth": "x"}}}'`],
    ] as const
  ).map(([what, path]): Case => [
    `a Docker configuration ${what}`,
    `name: lab\nmesos: {agent: {dockerConfig: ▶${path}}}`,
    'SPEC_PATH',
    'secrets/docker-config.json',
  ]),
  [
    'a Docker configuration in the lab, for machines',
    'name: lab\npreset: two-host\nmesos: {agent: {dockerConfig: ▶secrets/config.json}}',
    'SPEC_PATH',
    'on each of these machines',
  ],
  ['an unknown flag of Marathon', 'name: lab\nmarathon: {flags: {▶xyzzyxyzzy: 1}}', 'SPEC_FLAG', 'not start'],
];

describe.each([
  ['names', names],
  ['numbers', numbers],
  ['roles', roles],
  ['addresses', addresses],
  ['ports', ports],
  ['values', values],
  ['combinations', combinations],
  ['flags', passedFlags],
])('%s', (_, cases) => {
  it.each(cases)('%s: the place, the code and the fix are told', async (__, marked, expected, fix) => {
    const { text, places } = withoutMarks(marked);
    const problems = await problemsOf(text);
    expect(problems.map(placeOf)).toEqual(places);
    expect(problems.map(({ code }) => code)).toContain(expected.replace('?', ''));
    expect(problems.map(({ fix: told }) => told).join('\n')).toContain(fix);
    for (const { message, found, allowed } of problems) {
      expect(message).not.toMatch(/\.$/);
      expect(found).toBeTruthy();
      expect(allowed).toBeTruthy();
    }
  });

  it.each(cases)('%s: it is an error, or a warning, as it should be', async (__, marked, expected) => {
    const { loadSpec } = await import('../../planning/spec-text/load-spec.ts');
    const { spec } = loadSpec(new TextEncoder().encode(withoutMarks(marked).text), 'f');
    const found = [...(await checkSpec(spec))];
    if (found.length === 0) found.push(...checkPlan(planCluster(spec), spec));
    expect(new Set(found.map(({ severity }) => severity))).toEqual(
      new Set([expected.startsWith('?') ? 'warning' : 'error']),
    );
  });
});

describe('a good spec', () => {
  it.each(presetNames)('of the preset %s has nothing to say about', async (preset) => {
    const spec = { name: 'lab', preset };
    expect(await checkSpec(spec)).toEqual([]);
    expect(checkPlan(planCluster(spec), spec)).toEqual([]);
  });

  it.each([
    ['registry in memory', flags('master', 'registry: in_memory')],
    ['a longer timeout', flags('agent', 'executor_registration_timeout: 10mins')],
    ['all add-ons', 'name: lab\naddons: [chronos, mesos-dns, registry]'],
    ['endpoints', second('address: 10.0.0.12, docker: "ssh://me@10.0.0.12:22"')],
    ['an endpoint with TLS', second('address: 10.0.0.12, docker: "tcp://10.0.0.12:2376"')],
    ['a socket', second('address: 10.0.0.12, docker: "unix:///var/run/docker.sock"')],
    ['a context', second('address: 10.0.0.12, docker: "context:node-2"')],
    ['a given quorum that fits', 'name: lab\npreset: ha\nmesos: {quorum: 2}'],
    ['IPv6 loopback', 'name: lab\nbind: "::1"'],
    ['libvirt with any private address', vm('10.0.0.11', 'libvirt')],
    ['VirtualBox in its range', vm('192.168.63.254')],
    [
      'a proxy',
      'name: lab\nproxy: {http: "http://p.example:3128", noProxy: [.example, 10.0.0.0/8, "::1", a.b:80, "*.c"]}',
    ],
    ['a work directory of its own', 'name: lab\nmesos: {workDir: /srv/mesos}'],
    ['a work directory at home', 'name: lab\nmesos: {workDir: /home/me/mesos}'],
    ['a shared Engine', 'name: lab\nagentDocker: socket\ncounts: {agents: 5}'],
    ['a published port moved', 'name: lab\nports: {marathon-lb: 19090}'],
    [
      'a proxy on localhost that no container asks',
      'name: lab\nagentDocker: socket\nproxy: {http: "http://localhost:1"}',
    ],
    [
      "an agent of one's own in the stock set",
      'name: lab\nimages: {set: stock, overrides: {mesos-agent: {image: mine}}}',
    ],
    [
      'two users of one host',
      hosts(
        central.replace('name: a', 'name: a, docker: "ssh://a@h"') +
          '  - {name: b, address: 10.0.0.12, roles: [mesos-agent], docker: "ssh://b@h"}',
      ),
    ],
    ['a mirror', 'name: lab\nregistryMirror: https://mirror.example:5000/'],
    [
      'a limit of the registry, whose gate is built',
      'name: lab\naddons: [registry]\nregistry: {limitMb: 20000}\nimages: {build: {base: mine}}',
    ],
    [
      'a Prometheus for the autoscaler, whose image is built',
      'name: lab\naddons: [autoscaler]\nautoscale: {prometheus: "https://metrics.example/prometheus"}\nimages: {build: {base: mine}}',
    ],
    [
      'images',
      'name: lab\nimages: {set: lite, overrides: {zookeeper: {image: "localhost:5000/zk:1", platform: linux/arm64/v8}}}',
    ],
  ])('with %s has nothing to say about', async (_, text) => {
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe('every problem', () => {
  it('says the arithmetic of a wrong quorum', async () => {
    const [problem] = await checkSpec({ name: 'lab', preset: 'ha', mesos: { quorum: 3 } });
    expect(problem?.allowed).toContain('floor(3/2)+1 = 2');
  });

  it('keeps a secret that it refuses', async () => {
    const problems = await checkSpec({ name: 'lab', proxy: { http: 'http://me:hunter2@proxy' } });
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('is found at once with all the others', async () => {
    const problems = await checkSpec({
      name: 'My Lab',
      counts: { masters: 2 },
      ports: { marathon: 0 },
      mesos: { workDir: '/tmp' },
    });
    expect(problems.map(({ code }) => code)).toEqual(['SPEC_NAME', 'SPEC_QUORUM', 'SPEC_PORT', 'SPEC_PATH']);
  });

  it.each([
    [
      'an unknown key',
      'name: ▶Bad Name\ncounts: {masters: ▶2, zookeepers: ▶4}\nports: {marathon: ▶70000}\n▶unknwon: 1',
    ],
    ['a malformed list of nodes', 'name: ▶Bad Name\nplacement: machines\nnodes: ▶5\nports: {marathon: ▶0}'],
    ['a malformed count', 'name: lab\ncounts: {masters: ▶2, agents: ▶many, marathons: 0}'],
    ['a mistyped count', 'name: lab\npreset: ha\ncounts: {▶mastres: 5}\nmesos: {quorum: 3}'],
    [
      'a malformed role',
      'name: lab\nplacement: machines\nnodes:\n  - {name: a, address: ▶127.0.0.1, roles: [zookeeper, ▶mester, marathon-lb]}',
    ],
    [
      'a mistyped address',
      'name: lab\nnodes:\n  - {name: a, ▶adress: 10.0.0.12, roles: [mesos-agent]}\nbind: ▶localhost',
    ],
    ['a mistyped preset', 'name: lab\npreset: ▶three-mv\nvagrant: {cpus: ▶0}'],
    ['an unknown alias', 'name: ▶*lab\nbind: ▶localhost'],
    ['a key that stands twice', 'name: lab\nbind: localhost\n▶bind: ▶here'],
    ['a clash of ports', 'name: ▶Bad Name\nports: {marathon: ▶5050}'],
    ['a malformed attribute', 'name: lab\nmesos: {agent: {attributes: {a: ▶[1], b: ▶"x;y"}}}'],
  ])('is told together with %s, and without what only follows from it', async (_, marked) => {
    const { text, places } = withoutMarks(marked);
    expect((await problemsOf(text)).map(placeOf)).toEqual(places);
  });

  it('has one printable sentence, whatever the spec is, and finding it never fails', async () => {
    await fc.assert(
      fc.asyncProperty(shapedSpec, async (spec) => {
        for (const { message, found, allowed, fix } of await checkSpec(spec)) {
          expect(`${message}${found ?? ''}${allowed ?? ''}${fix ?? ''}`).not.toMatch(
            /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/,
          );
          expect(found && allowed && fix).toBeTruthy();
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a suggested name', () => {
  it('is a DNS label or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 100 }), (name) => {
        expect(suggestLabel(name)).toMatch(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?$/);
      }),
    );
    expect(suggestLabel('Ünser Lab!')).toBe('unser-lab');
  });
});
