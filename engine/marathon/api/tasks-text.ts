import type { App } from '../../../protocol/marathon.ts';
import { safePath } from '../apps/path-id.ts';
import { servicePortsOf } from '../apps/service-ports.ts';
import type { Leader } from '../leadership/leader.ts';
import { isRunning, type Instance } from '../scheduling/instances.ts';
import { networksOfPort, taskPorts } from '../scheduling/task-environment.ts';

/**
 * Tasks for scripts: app, service port, and where it runs, separated by tabs (EndpointsHelper.scala of Marathon). What has
 * no port of its host is left out, unless its network is asked for.
 * @param networks names of container networks, separated by commas; `*` for all
 */
export function tasksText(leader: Leader, apps: readonly App[], networks = ''): string {
  const asked = new Set(networks.split(',').map((each) => each.trim()));
  return apps
    .flatMap((app) => {
      const running = leader.shared.instances.ofApp(app.id).filter(isRunning);
      const name = safePath(app.id);
      const ports = servicePortsOf(app);
      if (ports.length === 0) return [`${name}\t \t${running.map(({ host }) => `${host}\t`).join('')}`];
      return ports.map((port, index) => {
        const servers = running.flatMap((instance) => serverOf(app, instance, index, asked));
        return `${name}\t${port}\t${servers.map((server) => `${server}\t`).join('')}`;
      });
    })
    .map((line) => `${line}\n`)
    .join('');
}

function serverOf(
  app: App,
  { host, hostPorts, ipAddresses: [address] }: Instance,
  index: number,
  asked: ReadonlySet<string>,
): readonly string[] {
  const { hostPort } = taskPorts(app, hostPorts)[index] ?? {};
  if (hostPort !== undefined) return [`${host}:${hostPort}`];
  const mapping = app.container?.portMappings?.[index];
  if (mapping === undefined || address === undefined) return [];
  const isAsked = networksOfPort(app, index).some((name) => asked.has('*') || asked.has(name));
  return isAsked ? [`${address.ipAddress}:${mapping.containerPort}`] : [];
}
