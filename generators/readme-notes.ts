import type { Plan } from '../planning/plan/plan.ts';
import { registryCredentialsPath } from '../protocol/registry-credentials.ts';
import { daemonKeys } from './machines/daemon-json.ts';
import { quoteShell } from './text/quote-shell.ts';

/** A path as it stands in a command that is read before it is run: quoted only when it must be. */
const shellText = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : quoteShell(text));

/** Whether the agents use the Engine of a machine that this lab does not set up. */
const usesForeignEngine = ({ agentDocker, vagrant }: Plan): boolean =>
  agentDocker === 'socket' && vagrant === undefined;

/** /etc/docker/daemon.json that the machines of the agents need; undefined when the spec asks nothing of them. */
export function foreignDaemonJson(plan: Plan): string | undefined {
  const keys = daemonKeys(plan);
  return usesForeignEngine(plan) && Object.keys(keys).length > 0 ? JSON.stringify(keys, undefined, 2) : undefined;
}

/** Where agents leave the sandboxes of tasks on machines that outlive the lab; on one host `down` removes them. */
export function keptWork(plan: Plan): string | undefined {
  const isKept = usesForeignEngine(plan) && plan.placement === 'machines' && plan.agents.length > 0;
  return isKept ? shellText(plan.workDir) : undefined;
}

/** Where tasks in this machine's Engine ask Mesos-DNS; undefined: they do not, or have no need to be told. */
export function taskNameServer({ network, agents, nodes }: Plan): string | undefined {
  const isTold = nodes.some(({ components }) =>
    components.some(({ environment }) =>
      environment.some((each) => each.name === 'MESOS_DEFAULT_CONTAINER_DNS' && each.origin === 'derived'),
    ),
  );
  return isTold && agents.length > 0 ? network?.addresses?.gateway : undefined;
}

/** Lines for `resolv.conf` of a lab's machines, which ask nobody else by themselves; more than these nobody asks. */
export function nameServerLines({ placement, nodes }: Plan): readonly string[] {
  const asked = placement === 'machines' ? nodes.filter(({ roles }) => roles.includes('mesos-dns')) : [];
  return asked.slice(0, 2).map(({ address = '' }) => `nameserver ${address}`);
}

/** How images get into the registry add-on, and what apps call them. */
export function registryUse(
  plan: Plan,
): { readonly push: string; readonly pull: string; readonly tls: boolean; readonly credentials: string } | undefined {
  const url = plan.urls.addons.find(({ role }) => role === 'registry')?.url;
  const registry = plan.nodes.flatMap(({ components }) => components).find(({ role }) => role === 'registry');
  if (url === undefined || registry === undefined) return undefined;
  const push = url.replace('http://', '');
  const inLab = `${registry.host}:${registry.ports[0]?.target ?? 0}`;
  // Docker asks loopback addresses without TLS by itself.
  return {
    push,
    pull: plan.agentDocker === 'socket' ? push : inLab,
    tls: !/^(?:127\.|\[::1\])/.test(push),
    credentials: registryCredentialsPath,
  };
}

/** Roles whose images are made for x86_64 only. */
export function amd64Roles({ nodes }: Plan): readonly string[] {
  const roles = nodes.flatMap(({ components }) =>
    components.filter(({ image }) => image.platform === 'linux/amd64').map(({ role }) => role),
  );
  return [...new Set(roles)];
}
