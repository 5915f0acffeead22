import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import { backoffOf, healthCheck, healthyOf, tellMarathon } from '../drill-app.ts';
import type { Drill, Prediction } from '../drill.ts';
import { askAnyOf, tasksOf } from '../looks.ts';
import { commandRuns, predict, replacement, seconds, sources, taskEnds, type Cause } from '../predictions.ts';
import type { Look, Stage } from '../stage.ts';
import { newTasks } from './watching.ts';

const failures = 4;

/** The last failure of an app: the id of its task. */
const lastFailureOf =
  ({ cluster }: Stage, app: string): Look<string> =>
  async (signal) => {
    const answer = await askAnyOf(cluster, cluster.target.marathons, `/v2/apps${app}`, signal);
    return textAt(answer?.json, 'app', 'lastTaskFailure', 'taskId');
  };

const crashes = (app: string) => ({
  id: `${app}-crash`,
  cmd: 'exit 1',
  cpus: 0.1,
  mem: 32,
  instances: 1,
  ...backoffOf,
});

export const crashLoop: Drill = {
  name: 'crash-loop',
  title: 'an app fails again and again, with longer and longer pauses, until it is mended',
  harm: 'its own app',
  needs: { loadBalancer: true },
  plan: ({ facts, app }) => {
    const runs = commandRuns(facts);
    const { backoffSeconds, backoffFactor } = backoffOf;
    const delaysMs = Array.from({ length: failures - 1 }, (_, index) => 1000 * backoffSeconds * backoffFactor ** index);
    const predictions = Array.from({ length: failures }, (_, index): Prediction => {
      const waited = delaysMs.slice(0, index);
      const waitedMs = waited.reduce((sum, ms) => sum + ms, 0);
      const range = { fromMs: waitedMs, toMs: waitedMs + runs.toMs * (index + 1) };
      const formula =
        index === 0
          ? runs.formula
          : `backoffSeconds ${backoffSeconds} x backoffFactor ${backoffFactor}^n: ${waited.map(seconds).join(' + ')}, and each start`;
      return predict(`failure-${index + 1}`, `failure ${index + 1}`, { ...range, formula, source: sources.backoff });
    });
    const { id } = crashes(app);
    return {
      target: id,
      words: [
        `${id} is deployed, whose command ends with an error at once. Marathon waits a little longer before each start.`,
        'Then it is mended: a new configuration starts at once, whatever the pause had become. Other apps notice nothing.',
      ],
      predictions: [
        ...predictions,
        predict(
          'running',
          'the mended app runs',
          { ...runs, formula: `a new configuration has no pause: ${runs.formula}` },
          'mended',
        ),
      ],
      run: async (stage) => {
        const { cluster, signal, follow } = stage;
        await stage.strike(`deploy ${id}`, async () => {
          await tellMarathon(cluster, { method: 'POST', path: '/v2/apps', body: crashes(app) }, signal);
        });
        const seen = new Set<string>();
        await follow(
          lastFailureOf(stage, id),
          Array.from({ length: failures }, (_, index) => {
            return [
              `failure-${index + 1}`,
              (taskId?: string) => taskId !== undefined && seen.add(taskId).size > index,
            ] as const;
          }),
        );
        await stage.strike(`mend ${id}`, async () => {
          stage.mark('mended');
          const body = { cmd: 'sleep 3600' };
          await tellMarathon(cluster, { method: 'PUT', path: `/v2/apps${id}?force=true`, body }, signal);
        });
        await follow(tasksOf(cluster, id), [
          ['running', (tasks = []) => tasks.some(({ state, id: task }) => state === 'TASK_RUNNING' && !seen.has(task))],
        ]);
      },
    };
  },
};

/** How long a version that is broken is given before it is rolled back. */
const watchedMs = 2000;

/** Nobody listens there, and nobody will. */
const brokenCheck = { protocol: 'HTTP', path: '/', port: 1, gracePeriodSeconds: 300, ...healthCheck };

/** Deployments of an app that run. */
const deploymentsOf =
  ({ cluster }: Stage, app: string): Look<readonly string[]> =>
  async (signal) => {
    const answer = await askAnyOf(cluster, cluster.target.marathons, '/v2/deployments', signal);
    if (answer === undefined) return undefined;
    return listAt(answer.json)
      .filter((deployment) => listAt(deployment, 'affectedApps').includes(app))
      .map((deployment) => String(valueAt(deployment, 'id')));
  };

/** Whether the app is as it was, and nothing of it is under way. */
const isSettled =
  (stage: Stage, app: string): Look<boolean> =>
  async (signal) => {
    const [running, answer] = await Promise.all([
      deploymentsOf(stage, app)(signal),
      askAnyOf(stage.cluster, stage.cluster.target.marathons, `/v2/apps${app}`, signal),
    ]);
    const [check] = listAt(answer?.json, 'app', 'healthChecks');
    return running?.length === 0 && check !== undefined && numberAt(check, 'port') === undefined;
  };

export const brokenRollout: Drill = {
  name: 'broken-rollout',
  title: 'a broken version is rolled out, and rolled back',
  harm: 'its own app',
  needs: { agents: 2, loadBalancer: true },
  plan: (scene) => {
    const { facts, app, tasks } = scene;
    const none: Cause = { fromMs: 0, toMs: 0, formula: '', source: sources.deployments };
    const started = replacement(facts, none).find(({ milestone }) => milestone === 'running');
    const oneByOne = replacement(facts, taskEnds(facts)).find(({ milestone }) => milestone === 'healthy');
    const backMs = (oneByOne?.toMs ?? 0) * (tasks.length + 1);
    return {
      target: app,
      words: [
        `${app} gets a version that never becomes healthy: its health check asks a port at which nobody listens.`,
        `minimumHealthCapacity 1: all ${tasks.length} old instances stay until new ones are healthy, so that clients notice nothing. After ${seconds(watchedMs)} it is rolled back.`,
      ],
      predictions: [
        predict('new-runs', 'an instance of the broken version runs', {
          fromMs: 0,
          toMs: started?.toMs ?? 0,
          formula: 'maximumOverCapacity 1: one more at once; an offer, and its start',
          source: sources.deployments,
        }),
        predict(
          'rolled-back',
          'the version before is back, and healthy',
          {
            fromMs: 0,
            toMs: backMs,
            formula: `at most ${tasks.length + 1} instances end and start one after another, ${seconds(oneByOne?.toMs ?? 0)} each`,
            source: sources.deployments,
          },
          'rolled back',
        ),
      ],
      run: async (stage) => {
        const { cluster, signal, follow } = stage;
        const tell = (method: 'PUT' | 'DELETE', path: string, body?: object) =>
          tellMarathon(cluster, { method, path, body }, signal);
        let deployment = '';
        await stage.strike(`roll out a broken version of ${app}`, async () => {
          deployment =
            textAt(await tell('PUT', `/v2/apps${app}`, { healthChecks: [brokenCheck] }), 'deploymentId') ?? '';
        });
        await follow(tasksOf(cluster, app), [
          ['new-runs', (now) => newTasks(tasks, now).some(({ state }) => state === 'TASK_RUNNING')],
        ]);
        await stage.sleep(watchedMs);
        await stage.strike(`roll back ${app}`, async () => {
          stage.mark('rolled back');
          await tell('DELETE', `/v2/deployments/${deployment}`);
        });
        const settled = isSettled(stage, app);
        await follow(
          async (either) => {
            const [isBack, now] = await Promise.all([settled(either), tasksOf(cluster, app)(either)]);
            return isBack === true && healthyOf(now) >= tasks.length;
          },
          [['rolled-back', (isBack) => isBack === true]],
        );
      },
    };
  },
};
