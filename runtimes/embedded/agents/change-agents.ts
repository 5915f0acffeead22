import type { Clock } from '../../../platform/clock.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import { isRunning } from '../../../platform/processes/process-identity.ts';
import { explainingFailures } from '../../../lab/write-failure.ts';
import type { StartedLab, StartOptions } from '../../cluster-runtime.ts';
import { answerOf, deadlineMs } from '../ask-process.ts';
import { embeddedCluster, type EmbeddedCluster } from '../embedded-cluster.ts';
import { askedFor, embeddedLab, withPage } from '../find-embedded.ts';
import { planToRun } from '../plan-to-run.ts';
import { hasOwnAddresses } from '../ports/own-addresses.ts';
import { checkPorts, type PortQuestions } from '../ports/taken-ports.ts';
import { runFolder, type RunRequest } from '../run-folder.ts';
import { formerFolder, readRunRecord, type RunRecord } from '../run-record.ts';
import { agentsChange, onlyAgents, type AgentsChange } from './agents-change.ts';

interface ChangeWorld extends PortQuestions {
  readonly files: FileSystem;
  readonly clock: Clock;
}

/** A lab that runs, and what it becomes. */
export interface PossibleChange {
  readonly directory: string;
  readonly record: RunRecord;
  readonly cluster: EmbeddedCluster;
  readonly change: AgentsChange;
}

/** The record of a lab that runs in its folder; undefined: it does not. */
function runningRecord({ files }: ChangeWorld, directory: string): RunRecord | undefined {
  const found = readRunRecord(files, directory);
  const isHere = found.kind === 'record' && formerFolder(files, directory, found.record) === undefined;
  return isHere && isRunning(found.record.process) ? found.record : undefined;
}

/** What the process of a lab can be asked to do for a plan; undefined: it does not run, or more than its agents differs. */
export async function possibleChange(
  world: ChangeWorld,
  directory: string,
  { plan }: Pick<StartOptions, 'plan'>,
): Promise<PossibleChange | undefined> {
  const record = runningRecord(world, directory);
  // A process of an older version does not know how.
  if (record?.settings === undefined) return undefined;
  const cluster = embeddedCluster(plan, { ownAddresses: await hasOwnAddresses(world) });
  const change = agentsChange(record.cluster, cluster);
  return change === undefined ? undefined : { directory, record, cluster, change };
}

/** Has the process of a lab start agents that are new, and end those that are not wanted any more. */
export async function changeAgentsOf(
  world: ChangeWorld,
  { directory, record, cluster, change }: PossibleChange,
  options: StartOptions,
): Promise<StartedLab> {
  const { files } = world;
  const { tell, signal, settings } = options;
  const plan = planToRun(options.plan, cluster);
  await checkPorts(plan, onlyAgents(cluster, change.added), world, options.upWith);
  const ask = (request: RunRequest, askSignal: AbortSignal) => {
    explainingFailures(directory, 'Nothing was changed', () => {
      files.writeText(runFolder(directory).cluster, JSON.stringify(request), false);
    });
    return answerOf(world, directory, record, { action: 'change-agents', names: [], signal: askSignal });
  };
  const wanted = { plan, cluster, asked: askedFor(options), settings };
  await tell.step({ title: titleOf(change), deadlineMs }, () => ask(wanted, signal));
  const lab = withPage(files, directory, embeddedLab({ ...wanted, process: record.process }));
  return {
    ...lab,
    keep: () => Promise.resolve(),
    // Agents that went do not come back as they were: only the new ones are ended again.
    abandon: async () => {
      const { plan: before, cluster: there, asked, settings: said = [] } = record;
      if (change.gone.length > 0) return;
      await ask({ plan: before, cluster: there, asked, settings: said }, new AbortController().signal);
    },
  };
}

function titleOf({ added, gone }: AgentsChange): string {
  const names = (agents: AgentsChange['added']) => agents.map(({ id }) => id).join(', ');
  // What differs otherwise is nothing to this runtime.
  if (added.length + gone.length === 0) return 'Taking note of the plan';
  return [
    ...(added.length === 0 ? [] : [`Starting ${names(added)}`]),
    ...(gone.length === 0 ? [] : [`${added.length === 0 ? 'Ending' : 'ending'} ${names(gone)}`]),
  ].join(', ');
}
