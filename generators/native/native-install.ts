import type { PlannedComponent, PlannedNode } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';
import render from '../../templates/native-install.sh.ejs';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { quoteShell } from '../text/quote-shell.ts';

/** Services of packages in the order in which they are started, with the role that needs them. */
const services = [
  { service: 'zookeeper', role: 'zookeeper' },
  { service: 'mesos-master', role: 'mesos-master' },
  { service: 'marathon', role: 'marathon' },
  { service: 'chronos', role: 'chronos' },
  { service: 'docker', role: 'mesos-agent' },
  { service: 'mesos-slave', role: 'mesos-agent' },
  { service: 'mesos-dns', role: 'mesos-dns' },
] as const satisfies readonly { service: string; role: Role }[];

/** What a machine starts when it is installed from packages, in this order. */
export const packageServices = ({ roles }: PlannedNode): readonly string[] =>
  services.filter(({ role }) => roles.includes(role)).map(({ service }) => service);

/** The folder of CNI networks, which the agent refuses to start without; one that the user names is the user's. */
const cniFolders = ({ environment }: PlannedComponent): readonly string[] =>
  environment
    .filter(({ name, origin }) => name === 'MESOS_NETWORK_CNI_CONFIG_DIR' && origin === 'derived')
    .map(({ value }) => `folder ${value}`);

/** What install.sh has to know of a node beside its files: lines of a word and a value, which are read, never run. */
export function nodeConf(node: PlannedNode): GeneratedFile {
  const lines = [
    ...(node.address === undefined ? [] : [`address ${node.address}`]),
    ...packageServices(node).map((service) => `start ${service}`),
    ...node.components.flatMap(cniFolders),
  ];
  return {
    path: `native/${node.name}/node.conf`,
    content: `${headerComment}${lines.map((line) => `${line}\n`).join('')}`,
  };
}

/** The script that puts the files of any node in place, with back-up and undo. */
export const nativeInstall = (): GeneratedFile => ({
  path: 'native/install.sh',
  content: render({}, quoteShell),
  executable: true,
});
