import { componentsByRole } from '../catalogue/components-by-role.ts';
import type { Plan, PlannedComponent, PlannedPort, ZookeeperMember } from './plan.ts';
import { companionsOf, componentOf, type Addon, type Role } from '../catalogue/roles.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

/** Ports published on every interface, or on an IPv6 one, are reached from this machine by a name a URL can hold. */
function reachable(bind: string): string {
  if (bind === '0.0.0.0' || bind === '::') return '127.0.0.1';
  return hostInUrl(bind);
}

/** What a person on the machine of the lab opens to reach this port. */
function urlOf(component: PlannedComponent, port: PlannedPort | undefined, bind: string): string {
  if (port?.published !== undefined) return `http://${reachable(bind)}:${port.published}`;
  return `http://${component.host}:${port?.target ?? 0}`;
}

/** `host:2181,host:2181` */
export function zookeeperConnect(members: readonly ZookeeperMember[]): string {
  return members.map(({ host, clientPort }) => `${host}:${clientPort}`).join(',');
}

/** `zk://host:2181,host:2181/path`: Mesos and Marathon want the path, and refuse a bare `/`. */
export function zookeeperUrl(connect: string, path: string): string {
  return `zk://${connect}${path}`;
}

type PersonalUrls = Omit<Plan['urls'], 'mesosZk' | 'marathonZk' | 'zookeeperConnect'>;

/** Every URL a person opens, by role. */
export function planUrls(
  components: readonly PlannedComponent[],
  bind: string,
  addons: readonly Addon[],
): PersonalUrls {
  const byRole = componentsByRole(components);
  const urls = (role: Role, port = 0) =>
    (byRole.get(role) ?? []).map((component) => urlOf(component, component.ports[port], bind));
  return {
    masters: urls('mesos-master'),
    marathons: urls('marathon'),
    agents: urls('mesos-agent'),
    loadBalancers: urls('marathon-lb'),
    services: urls('marathon-lb', 1),
    addons: [...addons, ...companionsOf(addons)]
      .filter((role) => componentOf[role].ports[0].onlyInside !== true)
      .flatMap((role) => urls(role).map((url) => ({ role, url }))),
  };
}
