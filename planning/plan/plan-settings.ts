import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { PlannedAgent, PlannedPort, Placement, Setting, ZookeeperMember } from './plan.ts';
import { chronosLibprocessPort } from './plan-ports.ts';
import type { Role } from '../catalogue/roles.ts';

/** What the settings of a component depend on, all of it decided already. */
export interface SettingsContext {
  readonly spec: ClusterSpec;
  readonly placement: Placement;
  readonly timing: 'standard' | 'fast';
  readonly agentDocker: 'dind' | 'socket';
  readonly clusterName: string;
  readonly workDir: string;
  readonly quorum: number;
  readonly mesosZk: string;
  readonly marathonZk: string;
  readonly zookeeperConnect: string;
  readonly marathonUrls: readonly string[];
  /** The whole ZOO_SERVERS line. */
  readonly zooServers: string;
}

export interface ComponentContext {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly PlannedPort[];
  /** Whether it is one of our own programs (image set lite), which have no Java. */
  readonly isOurs: boolean;
  /** The member of the ensemble, for ZooKeeper. */
  readonly zookeeper?: ZookeeperMember | undefined;
  /** What it offers, for an agent. */
  readonly agent?: PlannedAgent | undefined;
}

type Values = Record<string, string | number | boolean | undefined>;

/** Time-outs of the fast profile: a lost agent is noticed after 3 x 3 s instead of 5 x 15 s, a lost master after 6 s. */
const fastSessionSeconds = 6;

const port = (component: ComponentContext) => component.ports[0]?.target;

/** On a machine of its own a program listens on that machine's address and nowhere else. */
const ownAddress = (context: SettingsContext, component: ComponentContext) =>
  context.placement === 'machines' ? component.host : undefined;

function zookeeper(context: SettingsContext, component: ComponentContext): Values {
  return {
    ZOO_MY_ID: component.zookeeper?.id,
    ZOO_SERVERS: context.zooServers,
    ZOO_4LW_COMMANDS_WHITELIST: 'srvr,ruok,mntr',
    ZOO_ADMINSERVER_ENABLED: false,
    ZOO_AUTOPURGE_PURGEINTERVAL: 1,
    JVMFLAGS: '-Xmx256m',
  };
}

function mesosMaster(context: SettingsContext, component: ComponentContext): Values {
  const fast = context.timing === 'fast';
  return {
    MESOS_ZK: context.mesosZk,
    MESOS_QUORUM: context.quorum,
    MESOS_REGISTRY: 'replicated_log',
    MESOS_WORK_DIR: context.workDir,
    MESOS_CLUSTER: context.clusterName,
    MESOS_HOSTNAME: component.host,
    MESOS_HOSTNAME_LOOKUP: false,
    MESOS_IP: ownAddress(context, component),
    MESOS_PORT: port(component),
    MESOS_AGENT_PING_TIMEOUT: fast ? '3secs' : undefined,
    MESOS_MAX_AGENT_PING_TIMEOUTS: fast ? 3 : undefined,
    MESOS_ZK_SESSION_TIMEOUT: fast ? `${fastSessionSeconds}secs` : undefined,
  };
}

function mesosAgent(context: SettingsContext, component: ComponentContext): Values {
  const shared = context.placement === 'one-host' && context.agentDocker === 'socket';
  return {
    MESOS_MASTER: context.mesosZk,
    // Agents that share the machine's Engine share its file system too: a folder for each lab and agent.
    MESOS_WORK_DIR: shared ? `${context.workDir}/${context.spec.name}/${component.id}` : context.workDir,
    MESOS_HOSTNAME: component.host,
    MESOS_HOSTNAME_LOOKUP: false,
    MESOS_IP: ownAddress(context, component),
    MESOS_PORT: port(component),
    MESOS_RESOURCES: component.agent?.resources === '' ? undefined : component.agent?.resources,
    MESOS_ATTRIBUTES: component.agent?.attributes === '' ? undefined : component.agent?.attributes,
    MESOS_CONTAINERIZERS: 'docker,mesos',
    MESOS_LAUNCHER: 'posix',
    MESOS_ISOLATION: 'posix/cpu,posix/mem',
    MESOS_SYSTEMD_ENABLE_SUPPORT: false,
    MESOS_EXECUTOR_REGISTRATION_TIMEOUT: '5mins',
    MESOS_DOCKER_KILL_ORPHANS: !shared,
    MESOS_DOCKER_REMOVE_DELAY: '15mins',
    MESOS_ZK_SESSION_TIMEOUT: context.timing === 'fast' ? `${fastSessionSeconds}secs` : undefined,
  };
}

/** Seconds in Mesos's units of time (stout, duration.hpp); the short ones do not matter here. */
const unitSeconds: Readonly<Record<string, number>> = { secs: 1, mins: 60, hrs: 3600, days: 86_400, weeks: 604_800 };

/** Ten minutes, or a minute more than an agent may take to start an executor. */
function taskLaunchTimeoutMs(spec: ClusterSpec): number {
  const asked = String(spec.mesos?.agent?.flags?.executor_registration_timeout ?? '');
  const [, amount, unit = ''] = /^([\d.]+)(\w+)$/.exec(asked) ?? [];
  const seconds = Number(amount ?? 0) * (unitSeconds[unit] ?? 0);
  return Math.max(600, Math.ceil(seconds) + 60) * 1000;
}

function marathon(context: SettingsContext, component: ComponentContext): Values {
  return {
    MARATHON_MASTER: context.mesosZk,
    MARATHON_ZK: context.marathonZk,
    MARATHON_HOSTNAME: component.host,
    MARATHON_HTTP_ADDRESS: ownAddress(context, component),
    MARATHON_HTTP_PORT: port(component),
    MARATHON_MESOS_USER: 'root',
    MARATHON_TASK_LAUNCH_TIMEOUT: taskLaunchTimeoutMs(context.spec),
    MARATHON_ZK_SESSION_TIMEOUT: context.timing === 'fast' ? fastSessionSeconds * 1000 : undefined,
    LIBPROCESS_IP: component.isOurs ? undefined : ownAddress(context, component),
    JAVA_OPTS: component.isOurs ? undefined : '-Xmx512m',
  };
}

function chronos(context: SettingsContext, component: ComponentContext): Values {
  return {
    PORT0: port(component),
    PORT1: chronosLibprocessPort,
    JVM_OPTS: '-Xmx512m',
    LIBPROCESS_IP: ownAddress(context, component),
  };
}

const builders: Readonly<Partial<Record<Role, (context: SettingsContext, component: ComponentContext) => Values>>> = {
  zookeeper,
  'mesos-master': mesosMaster,
  'mesos-agent': mesosAgent,
  marathon,
  'marathon-lb': (_, component) => ({ PORTS: port(component) }),
  chronos,
  registry: () => ({ REGISTRY_STORAGE_DELETE_ENABLED: true }),
};

/** Marathon's switches that nothing turns off: false means that the variable is not there. */
const onlySwitchedOn = new Set(['disable_http', 'leader_proxy_ssl_ignore_hostname']);

/** Pass-through flags as environment variables; they replace a derived value of the same name. */
function passedThrough(spec: ClusterSpec, role: Role): ReadonlyMap<string, string> {
  const flags =
    role === 'mesos-master'
      ? spec.mesos?.master?.flags
      : role === 'mesos-agent'
        ? spec.mesos?.agent?.flags
        : role === 'marathon'
          ? spec.marathon?.flags
          : undefined;
  const prefix = role === 'marathon' ? 'MARATHON_' : 'MESOS_';
  return new Map(
    Object.entries(flags ?? {}).flatMap(([name, value]): [string, string][] => {
      const variable = name.toUpperCase();
      if (role !== 'marathon' || typeof value !== 'boolean') return [[`${prefix}${variable}`, String(value)]];
      // Marathon's Main.envToArgs: an empty variable is a switch, and a switch is turned off by its disable_ form.
      if (value) return [[`${prefix}${variable}`, '']];
      return onlySwitchedOn.has(name) ? [] : [[`${prefix}DISABLE_${variable}`, '']];
    }),
  );
}

/** The environment of a component, derived values first, in the order of the file. */
export function planEnvironment(role: Role, context: SettingsContext, component: ComponentContext): readonly Setting[] {
  const values = builders[role]?.(context, component) ?? {};
  const passed = passedThrough(context.spec, role);
  const asked = new Set(passed.keys());
  const derived = Object.entries(values).flatMap(([name, value]): Setting[] => {
    const given = passed.get(name);
    asked.delete(name);
    if (given !== undefined) return [{ name, value: given, origin: 'spec' }];
    return value === undefined ? [] : [{ name, value: String(value), origin: 'derived' }];
  });
  return [...derived, ...[...asked].map((name): Setting => ({ name, value: passed.get(name) ?? '', origin: 'spec' }))];
}

/** Arguments behind the image's command, for the programs that are not configured by their environment. */
export function planArguments(role: Role, context: SettingsContext, component: ComponentContext): readonly string[] {
  if (role === 'marathon-lb') {
    // marathon_lb.py takes several URLs behind one --marathon, and tries them in turn.
    return ['sse', '--marathon', ...context.marathonUrls, '--group', 'external', '--health-check'];
  }
  if (role === 'chronos') {
    return ['--zk_hosts', context.zookeeperConnect, '--master', context.mesosZk, '--hostname', component.host];
  }
  return [];
}
