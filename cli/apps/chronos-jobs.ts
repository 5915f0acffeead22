import { describeAnswer, UnreachableError, type ClusterAnswer } from '../../checks/cluster-client.ts';
import type { Cluster } from '../../checks/cluster-target.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { listAt, textAt, type JsonObject } from '../../protocol/json.ts';
import type { AppDefinition } from './app-files.ts';

/** The definitions, each job behind those it runs after: Chronos takes none whose parents it does not have. */
export function parentsFirst(definitions: readonly AppDefinition[]): readonly AppDefinition[] {
  const left = new Map(definitions.filter(({ kind }) => kind === 'job').map((job) => [job.id, job]));
  const sorted: AppDefinition[] = [];
  const place = (job: AppDefinition) => {
    // Before its parents: of a circle Chronos has to say that it is one.
    if (!left.delete(job.id)) return;
    for (const parent of listAt(job.definition, 'parents')) {
      const found = left.get(String(parent));
      if (found !== undefined) place(found);
    }
    sorted.push(job);
  };
  for (const job of [...left.values()]) place(job);
  return [...definitions.filter(({ kind }) => kind !== 'job'), ...sorted];
}

/** @throws UserError USAGE_APP_FILE when there is a job and the lab has no Chronos */
export function refuseWithoutChronos(definitions: readonly AppDefinition[], plan: Plan): void {
  const job = definitions.find(({ kind }) => kind === 'job');
  const components = plan.nodes.flatMap((node) => node.components);
  if (job === undefined || components.some(({ role }) => role === 'chronos')) return;
  throw new UserError({
    code: 'USAGE_APP_FILE',
    message: `the job ${job.id} is for Chronos, and the lab has none`,
    place: { kind: 'path', path: job.file },
    found: 'it is a job of Chronos',
    allowed: 'jobs in a lab with the add-on chronos',
    fix: `addons: [${[...plan.addons, 'chronos'].join(', ')}] in mesos-cluster.yaml, then npm run generate && npm run down && npm run up; a new lab: create-mesos-cluster my-lab --addon chronos`,
  });
}

/**
 * Asks the first Chronos that answers.
 * @throws UserError LAB_NOT_RUNNING when none does; CHRONOS_REFUSED for statuses above 399, but for a job that is not there
 */
export async function askChronos(
  { target, client }: Cluster,
  signal: AbortSignal,
  method: 'GET' | 'POST',
  path: string,
  body?: JsonObject,
): Promise<ClusterAnswer> {
  const urls = target.chronoses ?? [];
  let reason = 'it was stopped, or the lab was started without it';
  for (const url of urls) {
    try {
      const options = { method, timeoutMs: 15_000, ...(body === undefined ? {} : { body }) };
      const answer = await client.ask(`${url}/v1/scheduler/${path}`, signal, options);
      if (answer.status < 400 || (method === 'GET' && isMissing(answer))) return answer;
      throw new UserError({
        code: 'CHRONOS_REFUSED',
        message: `Chronos refused ${method} /v1/scheduler/${path}: ${textAt(answer.json, 'message') ?? describeAnswer(answer)} (HTTP ${answer.status})`,
      });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      reason = error.message;
    }
  }
  throw new UserError({
    code: 'LAB_NOT_RUNNING',
    message: urls.length === 0 ? 'Chronos does not run' : `Chronos does not answer at ${urls.join(', ')}`,
    found: reason,
    fix: 'npm run up starts what is missing; npm run status shows what does not run',
  });
}

/** Chronos 3 says it with 400 (`requirement failed: Job 'x' not found`). */
export const isMissing = ({ status, text }: ClusterAnswer): boolean =>
  status === 404 || (status === 400 && /\bnot found\b/.test(text));
