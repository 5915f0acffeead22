import type { Drill, Prediction } from '../drill.ts';
import type { DrillAgent, DrillFacts } from '../drill-facts.ts';
import { answers, tasksOf } from '../looks.ts';
import { agentLost, predict, promptly, registered, seconds, sources, type Cause } from '../predictions.ts';
import type { Stage } from '../stage.ts';
import { chosenAgent, followAgent, newTasks } from './watching.ts';

/** What `--target` may say. */
export const targets = ({ agents }: DrillFacts): readonly string[] => agents.map(({ id }) => id);

/** How long an agent that was cut off, stopped or stood still takes to be used again. */
export function back(facts: DrillFacts, { id }: DrillAgent): Prediction {
  const none: Cause = {
    fromMs: 0,
    toMs: facts.inOneProcess ? 500 : 15_000,
    formula: 'it starts',
    source: sources.reconciliation,
  };
  const { toMs, fromMs } = registered(facts, none, 'the agent');
  const formula = `it starts or finds the leader, then registers after a pause by chance (${seconds(toMs)} allowed for)`;
  return predict(
    'agent-back',
    `${id} is back and offers what it has`,
    { fromMs, toMs, formula, source: sources.masterFlags },
    'started',
  );
}

/** Starts an agent, and waits until it is used again. */
export async function bringBack(stage: Stage, agent: DrillAgent): Promise<void> {
  await stage.act('start', [agent.id]);
  await followAgent(stage, agent, ['agent-back', (seen) => seen?.active === true]);
}

export const stopAgent: Drill = {
  name: 'stop-agent',
  title: 'an agent is stopped and started again before it is given up',
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets,
  plan: (scene) => {
    const agent = chosenAgent(scene);
    const { facts } = scene;
    const { fromMs } = agentLost(facts);
    return {
      target: agent.id,
      words: [
        `${agent.id} is stopped as for an update, and started as soon as the master has noticed.`,
        `The master would give it up after ${seconds(fromMs)} at the soonest: nothing is replaced that outlived the agent.`,
      ],
      predictions: [
        predict(
          'noticed',
          `the master notices that ${agent.id} is away`,
          promptly(facts, 'its connection ends', sources.reconciliation),
        ),
        back(facts, agent),
      ],
      run: async (stage) => {
        await stage.act('stop', [agent.id]);
        await followAgent(stage, agent, ['noticed', (seen) => seen?.active === false]);
        await bringBack(stage, agent);
      },
    };
  },
};

export const slowAgent: Drill = {
  name: 'slow-agent',
  title: 'an agent stands still for a while, as on a machine that swaps',
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets,
  plan: (scene) => {
    const agent = chosenAgent(scene);
    const { facts, tasks } = scene;
    const { pingTimeoutMs, maxPingTimeouts } = facts.settings;
    // Shorter than any count of pings that would give it up.
    const standsMs = pingTimeoutMs * Math.max(0.5, maxPingTimeouts - 2);
    const kept = `${seconds(standsMs)} is less than ${seconds(agentLost(facts).fromMs)}, before which nothing is given up`;
    const again = promptly(facts, 'it goes on where it stood', sources.reconciliation);
    return {
      target: agent.id,
      words: [
        `${agent.id} stands still for ${seconds(standsMs)}, with its connections open, and misses pings.`,
        `Fewer than ${maxPingTimeouts} in a row: the master keeps it, and its tasks serve all the time.`,
      ],
      predictions: [
        predict('silent', `${agent.id} does not answer`, {
          fromMs: 0,
          toMs: 2000,
          formula: 'it stands still, and a look waits for 1 s',
          source: sources.reconciliation,
        }),
        predict('answers', `${agent.id} answers again`, again, 'started'),
        predict(
          'kept',
          'the master has kept it, and Marathon its tasks',
          { ...again, formula: kept, source: sources.masterFlags },
          'started',
        ),
      ],
      run: async (stage) => {
        const health = answers(stage.cluster, `${agent.url}/health`);
        await stage.act('pause', [agent.id]);
        await Promise.all([stage.sleep(standsMs), stage.follow(health, [['silent', (seen) => seen !== true]])]);
        await stage.act('start', [agent.id]);
        await stage.follow(health, [['answers', (seen) => seen === true]]);
        await Promise.all([
          followAgent(stage, agent, ['kept', (seen) => seen?.active === true]),
          stage.follow(tasksOf(stage.cluster, scene.app), [
            ['tasks-kept', (now) => now !== undefined && newTasks(tasks, now).length === 0],
          ]),
        ]);
      },
    };
  },
};
