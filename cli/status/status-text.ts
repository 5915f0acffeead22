import type { Problem } from '../../errors/user-error.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { LabStatus } from './lab-status.ts';
import { simulationText } from '../../planning/plan/plan-simulated-agents.ts';
import { table } from '../printing/table.ts';

/**
 * A status for people.
 * @param full what is wrong with a disk
 * @param unknown agents of a cluster that was adopted, which its description does not have
 */
export function statusText(lab: RunningLab, status: LabStatus, unknown: readonly string[], full?: Problem): string {
  const hasContainers = lab.runtime !== 'embedded' && lab.runtime !== 'adopted';
  const parts = hasContainers ? containers(lab, status) : componentTable(status);
  const note =
    unknown.length === 0
      ? []
      : [
          `Agents that have come since it was adopted: ${unknown.join(', ')}. adopt --force describes the cluster anew.\n`,
        ];
  return [
    head(lab),
    ...moved(lab),
    ...(full === undefined ? [] : [`! ${full.message}. ${full.fix ?? ''}\n`]),
    ...machineTable(lab),
    parts,
    ...note,
    ...appTables(status),
  ].join('\n');
}

/** Apps and tasks, as far as there are any. */
function appTables({ apps, tasks }: LabStatus): readonly string[] {
  const parts: string[] = [];
  if (apps.length > 0) {
    const rows = apps.map((app) => [
      app.id,
      `${app.running} of ${app.instances}`,
      app.checked ? String(app.healthy) : '-',
      app.deploying ? 'deploying' : '',
      [...app.urls, ...notDone('not served', app.unserved), ...notDone('not honoured', app.unhonoured)].join(' '),
      app.trouble ?? '',
    ]);
    parts.push(table(['APP', 'RUNNING', 'HEALTHY', '', 'SERVICE', ''], rows));
  }
  if (tasks.length > 0) {
    const rows = tasks.map(({ id, state, host, ports }) => [
      id,
      state,
      [host, ports.join(',')].join(':').replace(/:$/, ''),
    ]);
    parts.push(table(['TASK', 'STATE', 'ADDRESS'], rows));
  }
  return parts;
}

const notDone = (what: string, why: string | undefined) => (why === undefined ? [] : [`${what}: ${why}`]);

function moved({ movedFrom }: RunningLab): readonly string[] {
  if (movedFrom === undefined) return [];
  return [`Its folder was moved since it was started (it was ${movedFrom}): up makes its containers anew from here.\n`];
}

function head({ runtime, plan, processId, page }: RunningLab): string {
  if (runtime === 'adopted') return `Cluster ${plan.name} (adopted: somebody else runs it).\n`;
  const process = processId === undefined ? '' : `, process ${processId}`;
  const agents = plan.simulatedAgents === undefined ? '' : `, and ${simulationText(plan.simulatedAgents)} beside these`;
  const note = runtime === 'embedded' ? `; Docker containers are simulated${agents}` : '';
  const seen = page === undefined ? '' : `Its page: ${page}\n`;
  return `Lab ${plan.name} (${runtime}${process})${note}.\n${seen}`;
}

/** A line for each machine, where a lab has machines of its own. */
function machineTable({ machines = [] }: RunningLab): readonly string[] {
  if (machines.length === 0) return [];
  const rows = machines.map(({ name, address, endpoint, ok, detail }) => [
    name,
    address,
    endpoint,
    ok ? 'ok' : 'not reached',
    detail,
  ]);
  return [table(['NODE', 'ADDRESS', 'ENGINE', '', ''], rows)];
}

/** A line for each component. */
function componentTable({ components }: LabStatus): string {
  const rows = components.map(({ id, role, state, url, detail = '' }) => [id, role, state, url, detail]);
  return table(['COMPONENT', 'ROLE', 'STATE', 'URL', ''], rows);
}

/** A line for each container, with what its component answers. */
function containers({ plan }: RunningLab, { parts, components }: LabStatus): string {
  const services = new Map(plan.nodes.flatMap((node) => node.components.map(({ id, service }) => [service, id])));
  const rows = parts.map((part) => {
    const component = components.find(({ id }) => id === (services.get(part.id) ?? part.id));
    const { url = '', detail = '' } = component ?? {};
    return [part.id, part.role, part.answer, part.detail, part.image ?? '', url, detail];
  });
  return table(['COMPONENT', 'ROLE', 'STATE', 'CONTAINER', 'IMAGE', 'URL', ''], rows);
}
