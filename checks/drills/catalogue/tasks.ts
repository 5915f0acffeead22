import type { TaskSeen } from '../../app-definition.ts';
import { tellMarathon } from '../drill-app.ts';
import { DrillRefusal, type Drill, type Scene } from '../drill.ts';
import { predict, replacement, taskEnds } from '../predictions.ts';
import { followReplacement } from './watching.ts';

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
    const { facts } = scene;
    return {
      target: victim.id,
      words: [
        `One of ${scene.tasks.length} instances of ${scene.app} is killed by Marathon, on ${victim.host}.`,
        'Marathon launches another one. The other instances serve meanwhile; requests that were under way to it may fail.',
      ],
      predictions: [
        predict('task-lost', 'the task has ended', taskEnds(facts)),
        ...replacement(facts, taskEnds(facts)),
      ],
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
