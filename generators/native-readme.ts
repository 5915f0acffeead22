import type { Plan } from '../spec/plan.ts';
import type { Role } from '../spec/roles.ts';

/** Services in the order in which they are started, with the role that needs them. */
const services = [
  { service: 'zookeeper', role: 'zookeeper' },
  { service: 'mesos-master', role: 'mesos-master' },
  { service: 'marathon', role: 'marathon' },
  { service: 'chronos', role: 'chronos' },
  { service: 'docker', role: 'mesos-agent' },
  { service: 'mesos-slave', role: 'mesos-agent' },
] as const satisfies readonly { service: string; role: Role }[];

/** More rows than this say nothing that the folders do not. */
const mostRows = 100;

function startTable(plan: Plan): string {
  const rows = plan.nodes.slice(0, mostRows).map(({ name, roles }) => {
    const started = services.filter(({ role }) => roles.includes(role)).map(({ service }) => service);
    return `| ${name} | ${started.join(', ') || 'nothing from packages'} |`;
  });
  const rest = plan.nodes.length - rows.length;
  return [
    '| node | start, in this order |',
    '|---|---|',
    ...rows,
    ...(rest > 0 ? [`| and ${rest} more | |`] : []),
  ].join('\n');
}

/** What the files under native/ are, for somebody who installs Mesos from packages. */
export function nativeReadme(plan: Plan): string {
  return `<!-- Written by create-mesos-cluster from mesos-cluster.yaml; change that file and run \`npm run generate\`. -->

# Configuration for installations from packages

The containers of this lab need none of these files, and nothing copies them by itself. They configure ZooKeeper, Mesos,
Marathon and Chronos where they are installed from packages. The old package repositories of Mesosphere are gone:
you need packages of your own.

## What goes where

\`NODE/etc\` mirrors \`/etc\` of that machine. As root, on each machine, after the packages are installed:

1. Append \`NODE/etc/hosts\` to \`/etc/hosts\`. Do not replace the file: it holds these lines only.
2. Copy the rest (Debian's \`/etc/zookeeper/conf\` is a link, which \`cp\` would refuse):
   \`tar -C NODE/etc --exclude=./hosts -c . | tar -C /etc --no-same-owner --keep-directory-symlink -x\`

| files | what they are |
|---|---|
| \`mesos/zk\` | where masters and agents find ZooKeeper |
| \`mesos-master/FLAG\`, \`mesos-slave/FLAG\` | one flag of Mesos each: the file holds its value, and nothing else may stand in it |
| \`default/mesos-master\`, \`default/mesos-slave\` | what the packages' start script turns into \`--zk\`, \`--port\`, \`--master\`; Mesos refuses a flag that is given in both places |
| \`zookeeper/conf/zoo.cfg\`, \`myid\` | the ensemble, and which member this machine is (1-255, unique); the Debian package links \`/var/lib/zookeeper/myid\` to the latter |
| \`marathon/conf/FLAG\` | flags of Marathon up to 1.4 |
| \`default/marathon\` | the same for Marathon 1.5 and later, which reads nothing else |
| \`chronos/conf/FLAG\`, \`default/chronos\` | flags of Chronos |

Packages whose program is called \`mesos-agent\` read \`/etc/mesos-agent\` and \`/etc/default/mesos-agent\` instead of
\`mesos-slave\`: rename them.

## Start

First all the ZooKeepers, then all the masters, then the rest:

${startTable(plan)}

A fresh cluster with several masters needs all of them once; later a majority (${plan.quorum} of ${plan.masterCount}) is enough.

## What is not here

Settings that are right in containers only: \`launcher\`, \`isolation\` and \`systemd_enable_support\` of the agents are left
to Mesos, unless mesos-cluster.yaml sets them. Stock Mesos then needs a machine with cgroup v1.
Marathon-LB, Mesos-DNS and the registry exist as images: run them as containers.
`;
}
