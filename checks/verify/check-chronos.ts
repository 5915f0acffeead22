import { numberAt, textAt } from '../../protocol/json.ts';
import type { Cluster } from '../cluster-target.ts';
import { UnreachableError } from '../cluster-client.ts';
import type { Seen } from '../poll-until.ts';
import { CheckFailure, expectSeen, type Check, type VerifyRun } from './check.ts';

/** What the job prints. */
const greeting = 'Hello Chronos';

/** Small enough for any agent, and at once; it is tried once. */
const jobOf = (name: string) => ({
  ...{ name, command: `echo ${greeting}`, schedule: 'R1//PT1M' },
  ...{ cpus: 0.1, mem: 32, disk: 16, retries: 0, description: 'create-mesos-cluster verify' },
});

/** A Chronos answers, or asks the one that leads. */
async function ask(cluster: Cluster, path: string, signal: AbortSignal, body?: object) {
  let fault = 'there is no Chronos to ask';
  for (const url of cluster.target.chronoses ?? []) {
    try {
      const options = body === undefined ? {} : { method: 'POST' as const, body };
      const answer = await cluster.client.ask(`${url}/v1/scheduler/${path}`, signal, options);
      if (answer.status < 500) return { url, answer };
      fault = `${url} answers ${answer.status} ${answer.text.slice(0, 200)}`;
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      fault = error.message;
    }
  }
  return { fault };
}

async function submit({ cluster }: VerifyRun, name: string, signal: AbortSignal): Promise<Seen> {
  const asked = await ask(cluster, 'iso8601', signal, jobOf(name));
  if ('fault' in asked) return { ok: false, seen: asked.fault };
  const { url, answer } = asked;
  if (answer.status === 204) return { ok: true, seen: `${url} has taken the job ${name}` };
  throw new CheckFailure(`${url} answers ${answer.status} to a job: ${answer.text.slice(0, 200)}`);
}

async function lookAtJob({ cluster }: VerifyRun, name: string, signal: AbortSignal): Promise<Seen> {
  const asked = await ask(cluster, `job/${name}`, signal);
  if ('fault' in asked) return { ok: false, seen: asked.fault };
  const { url, answer } = asked;
  if ((numberAt(answer.json, 'errorCount') ?? 0) > 0) {
    throw new CheckFailure(`the job ${name} failed at ${textAt(answer.json, 'lastError') ?? 'some time'}, says ${url}`);
  }
  const count = numberAt(answer.json, 'successCount');
  if (count === undefined) return { ok: false, seen: `${url} answers ${answer.status} for the job ${name}` };
  return { ok: count > 0, seen: count > 0 ? `the job ${name} ran, says ${url}` : `the job ${name} has not run yet` };
}

async function checkJob(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const name = `verify-${run.runId}`;
  try {
    await expectSeen(run, (either) => submit(run, name, either), run.times.lookMs, signal);
    return (await expectSeen(run, (either) => lookAtJob(run, name, either), run.times.startMs, signal)).seen;
  } finally {
    await remove(run, name);
  }
}

/** Also when the user wants it to end: nothing is left behind. */
async function remove({ cluster, times }: VerifyRun, name: string): Promise<void> {
  const [url] = cluster.target.chronoses ?? [];
  const signal = AbortSignal.timeout(times.cleanUpMs);
  await cluster.client
    .ask(`${url ?? ''}/v1/scheduler/job/${name}`, signal, { method: 'DELETE' })
    .catch(() => undefined);
}

export const chronosJob: Check = {
  name: 'chronos-job',
  title: 'a job of Chronos runs',
  needs: ['leading-master'],
  isAbout: ({ chronoses = [] }) => chronoses.length > 0,
  run: checkJob,
};
