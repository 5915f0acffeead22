import type { Role } from '../../planning/catalogue/roles.ts';
import type { Plan, PlannedComponent, Setting } from '../../planning/plan/plan.ts';
import { mesosDnsConfig } from '../compose/mesos-dns.ts';
import { headerComment } from '../text/header-comment.ts';
import { assignment, type EtcFile, nativeSettings, shellFile, valueFile, valueOf } from './native-etc.ts';

/*
 * How packages take their configuration, read in their start scripts:
 * - Mesos (mesosphere/mesos-deb-packaging, mesos-init-wrapper): a file /etc/mesos-master/FLAG with a value becomes
 *   --FLAG=value. /etc/default/mesos and mesos-master or mesos-slave are sourced first, and their ZK, MASTER, PORT (of
 *   the master) and LOGS become flags too. Mesos refuses a flag given twice: those four stand there and nowhere else.
 *   A switch may also be an empty file named `?FLAG` or `?no-FLAG`; we write FLAG with true or false, which Mesos takes
 *   just as well, because a lab may be generated on Windows, which has no `?` in names.
 * - Marathon up to 1.4 reads /etc/marathon/conf/FLAG, since 1.5 only /etc/default/marathon (its changelog): both are
 *   written, and where both are read the latter wins.
 * - Chronos reads /etc/chronos/conf/FLAG, and sources /etc/default/chronos.
 * - Mesos-DNS is one program without a package: its unit is written, too, and wants it at /usr/bin/mesos-dns (its
 *   docs/tutorial-systemd.md).
 */

function mesosFlags(settings: readonly Setting[], folder: string, elsewhere: readonly string[]): readonly EtcFile[] {
  return settings
    .filter(({ name }) => name.startsWith('MESOS_') && !elsewhere.includes(name))
    .map(({ name, value }) => valueFile(folder, name.slice('MESOS_'.length).toLowerCase(), value));
}

/** Replaces the LOGS of /etc/default/mesos, /var/log/mesos. */
function logs(settings: readonly Setting[]): readonly string[] {
  const folder = valueOf(settings, 'MESOS_LOG_DIR');
  return folder === undefined ? [] : [assignment('LOGS', folder)];
}

function masterFiles(component: PlannedComponent): readonly EtcFile[] {
  const settings = nativeSettings(component);
  const port = assignment('PORT', valueOf(settings, 'MESOS_PORT') ?? '5050');
  return [
    shellFile('mesos-master', [port, 'ZK=$(cat /etc/mesos/zk)', ...logs(settings)]),
    ...mesosFlags(settings, 'mesos-master', ['MESOS_ZK', 'MESOS_PORT', 'MESOS_LOG_DIR']),
  ];
}

function agentFiles(component: PlannedComponent): readonly EtcFile[] {
  const settings = nativeSettings(component);
  return [
    shellFile('mesos-slave', ['MASTER=$(cat /etc/mesos/zk)', ...logs(settings)]),
    ...mesosFlags(settings, 'mesos-slave', ['MESOS_MASTER', 'MESOS_LOG_DIR']),
  ];
}

/** zoo.cfg in the keys that the variables of the image stand for (ZooKeeper administrator's guide). */
function zookeeperFiles(component: PlannedComponent, plan: Plan): readonly EtcFile[] {
  const member = plan.zookeepers.find(({ node }) => node === component.node);
  if (!member) throw new Error(`the ensemble has no member on ${component.node}`);
  // Before 3.5 a server line has no `;2181` at its end; since then clientPort may stand for it.
  const servers = plan.zookeepers.map(({ serverLine }) => serverLine.replace(/;.*$/, ''));
  const lines = [
    'tickTime=2000',
    'initLimit=10',
    'syncLimit=5',
    'dataDir=/var/lib/zookeeper',
    `clientPort=${member.clientPort}`,
    `4lw.commands.whitelist=${valueOf(component.environment, 'ZOO_4LW_COMMANDS_WHITELIST') ?? 'srvr'}`,
    "# Its own web server would take Marathon's port 8080.",
    'admin.enableServer=false',
    `autopurge.purgeInterval=${valueOf(component.environment, 'ZOO_AUTOPURGE_PURGEINTERVAL') ?? '1'}`,
    ...(servers.length > 1 ? ['# server.ID=HOST:port for followers:port for elections', ...servers] : []),
  ];
  return [
    { path: 'zookeeper/conf/zoo.cfg', content: `${headerComment}${lines.join('\n')}\n` },
    { path: 'zookeeper/conf/myid', content: `${member.id}\n` },
  ];
}

function marathonFiles(component: PlannedComponent): readonly EtcFile[] {
  const settings = nativeSettings(component);
  const flags = settings.filter(({ name }) => name.startsWith('MARATHON_'));
  return [
    shellFile(
      'marathon',
      settings.map(({ name, value }) => assignment(name, value)),
    ),
    // A switch has no value; as a file it would be called `?FLAG`, so it stands in /etc/default alone.
    ...flags
      .filter(({ value }) => value !== '')
      .map(({ name, value }) => valueFile('marathon/conf', name.slice('MARATHON_'.length).toLowerCase(), value)),
  ];
}

/** Pairs of `--flag value`. */
function chronosFlags(words: readonly string[]): readonly EtcFile[] {
  return words.flatMap((word, index) => {
    const value = words[index + 1];
    return word.startsWith('--') && value !== undefined ? [valueFile('chronos/conf', word.slice(2), value)] : [];
  });
}

function chronosFiles(component: PlannedComponent): readonly EtcFile[] {
  const port = component.ports.find(({ name }) => name === 'http');
  const address = valueOf(component.environment, 'LIBPROCESS_IP');
  return [
    ...chronosFlags(component.arguments),
    ...(port ? [valueFile('chronos/conf', 'http_port', String(port.target))] : []),
    ...(address === undefined ? [] : [shellFile('chronos', [`export ${assignment('LIBPROCESS_IP', address)}`])]),
  ];
}

/** As its docs/tutorial-systemd.md has it. It exits while there is no master, and is started again until there is one. */
const mesosDnsUnit = `[Unit]
Description=Mesos-DNS
Wants=network-online.target
After=network-online.target zookeeper.service mesos-master.service
StartLimitIntervalSec=0

[Service]
ExecStart=/usr/bin/mesos-dns -config=/etc/mesos-dns/config.json
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
`;

function mesosDnsFiles(component: PlannedComponent, plan: Plan): readonly EtcFile[] {
  const listener = plan.placement === 'machines' ? component.host : '0.0.0.0';
  const content = JSON.stringify(mesosDnsConfig(plan, listener, component), undefined, 2);
  return [
    { path: 'mesos-dns/config.json', content: `${content}\n` },
    { path: 'systemd/system/mesos-dns.service', content: `${headerComment}${mesosDnsUnit}` },
  ];
}

/** Of the components that can be installed on a machine; the others are published as images only. */
const filesOf: Readonly<Partial<Record<Role, (component: PlannedComponent, plan: Plan) => readonly EtcFile[]>>> = {
  zookeeper: zookeeperFiles,
  'mesos-master': masterFiles,
  'mesos-agent': agentFiles,
  marathon: marathonFiles,
  chronos: chronosFiles,
  'mesos-dns': mesosDnsFiles,
};

/** Files under /etc that configure a component where it is installed from a package. */
export const componentFiles = (plan: Plan, component: PlannedComponent): readonly EtcFile[] =>
  filesOf[component.role]?.(component, plan) ?? [];
