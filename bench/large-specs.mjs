const controllers = 3;

const address = (index) =>
  `10.${1 + Math.floor(index / 62_500)}.${Math.floor((index % 62_500) / 250)}.${2 + (index % 250)}`;

/** A spec of placement `machines`: three masters with ZooKeeper, Marathon on the first, the other nodes agents. */
export function hostsSpec(nodes) {
  const lines = Array.from({ length: nodes }, (_, index) => {
    const control = ['zookeeper', 'mesos-master', ...(index === 0 ? ['marathon'] : [])];
    const roles = index < controllers ? control : ['mesos-agent'];
    return `  - { name: node${index + 1}, address: ${address(index)}, roles: [${roles.join(', ')}] }`;
  });
  return ['name: large', 'placement: machines', 'nodes:', ...lines, ''].join('\n');
}

/** A spec of placement `one-host` with as many nodes: ten at most are not agents. */
export function countsSpec(nodes) {
  return `name: large\nplacement: one-host\ncounts: { zookeepers: 3, masters: 3, agents: ${nodes - 10} }\n`;
}
