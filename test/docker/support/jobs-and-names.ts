import { until } from './until.ts';

/* A cluster with Chronos and Mesos-DNS, as somebody on another machine sees it: by HTTP. */

const waitMs = 60_000;

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answers ${String(answer.status)}: ${await answer.text()}`);
}

/** Runs a job of Chronos once on an agent, by its host name, and waits for its end. @returns how often it succeeded and failed */
export async function runJobOn(chronos: string, agent: string): Promise<readonly [number, number]> {
  const name = `once-on-${agent}`;
  const job = { name, command: 'test "$(hostname)"', schedule: 'R1//PT1H', cpus: 0.1, mem: 32, disk: 1 };
  await post(`${chronos}/v1/scheduler/iso8601`, { ...job, constraints: [['hostname', 'EQUALS', agent]] });
  return until(`run on ${agent}`, waitMs, async () => {
    const answer = await fetch(`${chronos}/v1/scheduler/job/${name}`);
    const { successCount, errorCount } = (await answer.json()) as { successCount: number; errorCount: number };
    if (successCount + errorCount > 0) return { value: [successCount, errorCount] as const };
    return { seen: `${name} has not ended` };
  });
}

/** Starts an app with one task on an agent, and waits until it runs. */
export async function startOn(
  marathon: string,
  agent: string,
  app: { readonly id: string; readonly cmd: string },
): Promise<void> {
  const common = { cpus: 0.1, mem: 32, instances: 1, constraints: [['hostname', 'CLUSTER', agent]] };
  await post(`${marathon}/v2/apps`, { ...common, ...app });
  await until(`running: ${app.id}`, waitMs, async () => {
    const answer = await fetch(`${marathon}/v2/apps/${app.id}`);
    const found = (await answer.json()) as { app: { tasksRunning: number; lastTaskFailure?: { message: string } } };
    return found.app.tasksRunning === 1 ? { value: true } : { seen: JSON.stringify(found.app.lastTaskFailure) };
  });
}
