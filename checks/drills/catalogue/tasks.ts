import type { TaskSeen } from '../../app-definition.ts';
import { tellMarathon } from '../drill-app.ts';
import { DrillRefusal, type Drill, type Scene } from '../drill.ts';
import { predict, replacement, seconds, sources, type Cause } from '../predictions.ts';
import { followReplacement } from './watching.ts';

/** How long a command may take to end when it is asked to, before it is ended. */
const graceMs = 3000;

/** It is asked to end (SIGTERM), and ended when it does not. */
const ends: Cause = {
  fromMs: 0,
  toMs: graceMs + 1000,
  formula: `its container is asked to end, and ended after ${seconds(graceMs)} (and 1 s allowed for)`,
  source: sources.killing,
};

function victimOf({ tasks }: Scene): TaskSeen {
  const [victim] = tasks;
  if (victim === undefined) throw new DrillRefusal('not healthy', "the drill's own app has no task");
  return victim;
}

export const killTask: Drill = {
  name: 'kill-task',
  title: 'an instance of an app ends, and is replaced',
  harm: 'its own app',
  needs: { loadBalancer: true },
  plan: (scene) => {
    const victim = victimOf(scene);
    return {
      target: victim.id,
      words: [
        `One of ${scene.tasks.length} instances of ${scene.app} is killed by Marathon, on ${victim.host}.`,
        'Marathon launches another one. The other instances serve meanwhile; requests that were under way to it may fail.',
      ],
      predictions: [predict('task-lost', 'the task has ended', ends), ...replacement(scene.facts, ends)],
      run: async (stage) => {
        const path = `/v2/apps${scene.app}/tasks/${encodeURIComponent(victim.id)}`;
        await stage.strike(`kill ${victim.id}`, async () => {
          await tellMarathon(stage.cluster, { method: 'DELETE', path }, stage.signal);
        });
        await followReplacement(stage, victim, scene);
      },
    };
  },
};
