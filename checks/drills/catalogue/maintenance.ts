import type { Drill } from '../drill.ts';
import { drain, reactivate } from '../maintenance.ts';
import { backoffOf } from '../drill-app.ts';
import { plus, predict, promptly, replacement, sources, taskEnds, type Cause } from '../predictions.ts';
import { chosenAgent, followAgent, followReplacement, tasksOn } from './watching.ts';

export const drainAgent: Drill = {
  name: 'drain-agent',
  title: 'an agent is drained for maintenance, and used again',
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets: ({ agents }) => agents.map(({ id }) => id),
  plan: (scene) => {
    const { facts, tasks } = scene;
    const agent = chosenAgent(scene);
    const [victim] = tasksOn(tasks, agent);
    const ends = taskEnds(facts);
    // Marathon did not ask for that, and takes it for a failure.
    const wanted: Cause = {
      ...plus(ends, { fromMs: 0, toMs: backoffOf.backoffSeconds * 1000 }),
      formula: `${ends.formula}; then backoffSeconds ${backoffOf.backoffSeconds}`,
      source: sources.backoff,
    };
    return {
      target: agent.id,
      words: [
        `The master drains ${agent.id}: it ends its tasks, within their grace, and offers nothing of it any more.`,
        'Marathon starts them elsewhere. Then the agent is used again; nothing of it was stopped.',
      ],
      predictions: [
        predict(
          'noticed',
          `${agent.id} offers nothing any more`,
          promptly(facts, 'it is drained', sources.maintenance),
        ),
        ...(victim === undefined
          ? []
          : [predict('task-lost', 'its task has ended', ends), ...replacement(facts, wanted)]),
        predict(
          'agent-back',
          `${agent.id} offers what it has`,
          promptly(facts, 'it is reactivated', sources.maintenance),
          'reactivated',
        ),
      ],
      run: async (stage) => {
        const { cluster, signal } = stage;
        const { agentId: id } = agent;
        stage.willDrain(id);
        await stage.strike(`drain ${agent.id}`, () => drain(cluster, id, signal));
        await Promise.all([
          followAgent(stage, agent, ['noticed', (seen) => seen?.active === false]),
          ...(victim === undefined ? [] : [followReplacement(stage, victim, scene)]),
        ]);
        // By the look: an agent that still drains is not taken back, and is asked for again.
        await stage.strike(`reactivate ${agent.id}`, () => Promise.resolve());
        await stage.follow((either) => reactivate(cluster, id, either), [['drained', (seen) => seen?.ok === true]]);
        stage.mark('reactivated');
        await followAgent(stage, agent, ['agent-back', (seen) => seen?.active === true]);
      },
    };
  },
};
