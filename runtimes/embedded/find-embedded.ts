import { targetFromPlan, type ClusterTarget } from '../../checks/cluster-target.ts';
import { textFingerprint } from '../../lab/fingerprint.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { isRunning } from '../../platform/processes/process-identity.ts';
import type { FoundLab, RunningLab, StartOptions } from '../cluster-runtime.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { readPageUrl } from './page-url.ts';
import { readParts, type PartsRecord } from './part-control.ts';
import { runFolder } from './run-folder.ts';
import { formerFolder, readRunRecord, type RunRecord } from './run-record.ts';

/** As ClusterRuntime.find, from the files of the run alone. */
export function findEmbedded(files: FileSystem, directory: string): FoundLab {
  const found = readRunRecord(files, directory);
  if (found.kind !== 'record') return { kind: found.kind === 'none' ? 'nothing' : 'remains' };
  const { process } = found.record;
  const former = formerFolder(files, directory, found.record);
  // Its process ends as soon as it sees that; that of a copy is the other lab's.
  if (former !== undefined) return { kind: 'remains', former };
  if (!isRunning(process)) return { kind: 'remains' };
  const states = readParts(files, runFolder(directory))?.parts ?? {};
  const lab = withPage(files, directory, embeddedLab(found.record, states));
  const isDown = lab.parts.every(({ state }) => state === 'stopped' || state === 'killed');
  return { kind: isDown ? 'stopped' : 'running', lab };
}

/** With where its page is, which its process alone knows. */
export function withPage(files: FileSystem, directory: string, lab: RunningLab): RunningLab {
  const page = readPageUrl(files, directory);
  return page === undefined ? lab : { ...lab, page };
}

/** What a lab is, and the process that runs it. */
export type LabRun = Pick<RunRecord, 'plan' | 'cluster' | 'asked' | 'settings'> & {
  readonly process: Pick<RunRecord['process'], 'pid'>;
};

export function embeddedLab(
  { plan, cluster, asked, settings = [], process }: LabRun,
  states: PartsRecord['parts'] = {},
): RunningLab {
  const components = plan.nodes.flatMap((node) => node.components);
  const simulated = [cluster.simulatedAgents ?? []].flat().map(({ id }) => ({ id, node: id, role: 'mesos-agent' }));
  return {
    runtime: 'embedded',
    plan,
    target: targetOf(plan, cluster),
    processId: process.pid,
    settings,
    parts: [...components, ...simulated].map(({ id, node, role }) => {
      return { id, node, role, state: states[id] ?? 'running', detail: 'in one process' };
    }),
    differences: (options) => Promise.resolve(askedFor(options) === asked ? [] : ['the spec or the flags']),
    // All of it is one process, which says itself when it cannot go on.
    watch: () => new Promise(() => undefined),
  };
}

/** What a lab was asked to be, to be compared. */
export function askedFor({ plan }: Pick<StartOptions, 'plan'>): string {
  return textFingerprint(JSON.stringify(plan));
}

/** Agents go by their addresses here, and there is no ZooKeeper. */
function targetOf(plan: Plan, { agents }: EmbeddedCluster): ClusterTarget {
  const agentAddresses = agents.map(({ host, port }) => ({ hostname: host, port }));
  return targetFromPlan(plan, { inOneProcess: true, agentAddresses });
}
