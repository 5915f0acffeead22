import type { Plan } from '../../planning/plan/plan.ts';
import { nameServerLines } from '../readme-notes.ts';
import { packageServices } from './native-install.ts';

/** More rows than this say nothing that the folders do not. */
const mostRows = 100;

function startTable(plan: Plan): string {
  const rows = plan.nodes
    .slice(0, mostRows)
    .map((node) => `| ${node.name} | ${packageServices(node).join(', ') || 'nothing from packages'} |`);
  const rest = plan.nodes.length - rows.length;
  return [
    '| node | start, in this order |',
    '|---|---|',
    ...rows,
    ...(rest > 0 ? [`| and ${rest} more | |`] : []),
  ].join('\n');
}

/** Nobody asks a name server that is not named. */
function nameServers(plan: Plan): string {
  const lines = nameServerLines(plan);
  if (lines.length === 0) return '';
  return `
Mesos-DNS answers for \`.mesos\` and refuses other names, so that the next server is asked for those. For names of tasks to
lead somewhere on a machine, and in its Docker tasks, its \`/etc/resolv.conf\` begins with:

\`\`\`
${lines.join('\n')}
\`\`\`
`;
}

/** What the files under native/ are, for somebody who installs Mesos from packages. */
export function nativeReadme(plan: Plan): string {
  return `<!-- Written by create-mesos-cluster from mesos-cluster.yaml; change that file and run \`npm run generate\`. -->

# Configuration for installations from packages

The containers of this lab need none of these files. They configure ZooKeeper, Mesos, Marathon, Chronos and Mesos-DNS
where they are installed from packages. ZooKeeper is in Debian and Ubuntu (\`zookeeperd\`); the old repositories of Mesosphere are
gone: for the others you need packages of your own. Mesos-DNS is one program (\`/usr/bin/mesos-dns\`), in releases of its project.

## Put them in place

Copy \`install.sh\` and the folder of the machine to it (\`scp -r native/install.sh native/NODE root@NODE:\`), then there:

\`\`\`sh
bash install.sh --dry-run   # every change as a diff, and which services would start; changes nothing
bash install.sh             # back-up, files, services
bash install.sh --undo      # every file and service is again what it was
\`\`\`

- It finds the node by the machine's address, and refuses another machine's files and missing packages, unless \`--force\`.
- Each run that changes something keeps what was there in \`/var/backups/create-mesos-cluster/NUMBER-TIME\`, with owner and
  mode; \`--undo\` takes back the latest one, and again the one before. It refuses to lose edits made since.
- Repeated, it changes nothing. When it fails, or is killed, what it did is taken back, at the latest by its next run.
- \`/etc/hosts\` gets a block of its own; the rest of that file stays. Links are followed, so Debian's
  \`/etc/zookeeper/conf\` stays one; a file that is itself a link becomes a file, and \`--undo\` brings the link back.
- A folder that a program wants to find, and which may be empty, is made (\`folder\` in \`node.conf\`).
- Of the services it starts those below, in that order, and stops and disables the others of Mesos; Docker it never stops.
- \`--root DIR\` works on an image or a test, \`--no-services\` leaves the services to you.

## What goes where

\`NODE/etc\` mirrors \`/etc\` of that machine.

| files | what they are |
|---|---|
| \`mesos/zk\` | where masters and agents find ZooKeeper |
| \`mesos-master/FLAG\`, \`mesos-slave/FLAG\` | one flag of Mesos each: the file holds its value, and nothing else may stand in it |
| \`default/mesos-master\`, \`default/mesos-slave\` | what the packages' start script turns into \`--zk\`, \`--port\`, \`--master\`; Mesos refuses a flag that is given in both places |
| \`zookeeper/conf/zoo.cfg\`, \`myid\` | the ensemble, and which member this machine is (1-255, unique); the Debian package links \`/var/lib/zookeeper/myid\` to the latter, for others \`install.sh\` writes it there, too |
| \`marathon/conf/FLAG\` | flags of Marathon up to 1.4 |
| \`default/marathon\` | the same for Marathon 1.5 and later, which reads nothing else |
| \`chronos/conf/FLAG\`, \`default/chronos\` | flags of Chronos |
| \`mesos-dns/config.json\` | configuration of Mesos-DNS |
| \`systemd/system/mesos-dns.service\` | its unit, for the program at \`/usr/bin/mesos-dns\`; where there is no systemd, starting it is up to you |
| \`hosts\` | lines for \`/etc/hosts\`, not all of it |

Packages whose program is called \`mesos-agent\` read \`/etc/mesos-agent\` and \`/etc/default/mesos-agent\` instead of
\`mesos-slave\`: rename them.

## Start

First all the ZooKeepers, then all the masters, then the rest:

${startTable(plan)}
${nameServers(plan)}
A fresh cluster with several masters needs all of them once; later a majority (${plan.quorum} of ${plan.masterCount}) is enough.

## What is not here

Settings that are right in containers only: \`launcher\`, \`isolation\` and \`systemd_enable_support\` of the agents are left
to Mesos, unless mesos-cluster.yaml sets them. Stock Mesos then needs a machine with cgroup v1.
Marathon-LB and the registry exist as images: run them as containers.
`;
}
