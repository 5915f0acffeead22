import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DockerLab } from './docker-lab.ts';
import { until } from './until.ts';

/** Deploys the lab's own nginx app and asks for its page through the load balancer. */
export async function expectRealNginx(lab: DockerLab): Promise<void> {
  const deploy = await lab.run('deploy', 'apps/nginx.json', '--wait', '--timeout', '60');
  expect([deploy.status, deploy.stdout], deploy.stderr).toEqual([0, expect.stringContaining('2 of 2 running')]);
  const { container } = JSON.parse(readFileSync(join(lab.directory, 'apps/nginx.json'), 'utf8')) as {
    container: { portMappings: readonly { servicePort: number }[] };
  };
  const [mapping] = container.portMappings;
  const page = await askService(lab, mapping?.servicePort ?? 0);
  expect(page).toMatchObject({ status: 200, server: expect.stringMatching(/^nginx\/\d/) });
  expect(page.text).toContain('Welcome to nginx!');
}

interface Page {
  readonly status: number;
  readonly server: string;
  readonly text: string;
}

/** The page of an app's service port, as soon as the load balancer knows it. */
export function askService(lab: DockerLab, port: number): Promise<Page> {
  return until('answered by the load balancer', 20_000, async () => {
    const url = `http://127.0.0.1:${String(port + lab.portOffset)}/`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(3000) });
    const page = { status: answer.status, server: answer.headers.get('server') ?? '', text: await answer.text() };
    return page.status === 200 ? { value: page } : { seen: `${url} answers ${String(page.status)}` };
  });
}

/** Writes an app definition into the lab, and returns its path there. */
export function writeApp(lab: DockerLab, app: { readonly id: string; readonly [key: string]: unknown }): string {
  const path = `apps/${app.id}.json`;
  writeFileSync(join(lab.directory, path), JSON.stringify(app));
  return path;
}

/** A task, as Marathon says of it. */
export interface RunningTask {
  readonly id: string;
  readonly host: string;
}

interface AppAnswer {
  readonly app: { readonly tasks: readonly (RunningTask & { readonly state: string })[] };
}

/** The running tasks of an app, by id. */
export async function runningTasks(lab: DockerLab, app: string): Promise<readonly RunningTask[]> {
  const answer = (await lab.ask(8080, `/v2/apps/${app}`)) as AppAnswer;
  return answer.app.tasks
    .filter(({ state }) => state === 'TASK_RUNNING')
    .toSorted((one, other) => one.id.localeCompare(other.id));
}
