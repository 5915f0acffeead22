import type { Drill, Prediction, Scene, Strike } from '../drill.ts';
import type { DrillAgent, DrillFacts } from '../drill-facts.ts';
import { agentLost, plus, predict, promptly, replacement, sources, unhealthy, type Cause } from '../predictions.ts';
import type { PartDeed } from '../part-control.ts';
import { back, bringBack, targets } from './returning-agents.ts';
import { chosenAgent, followAgent, followReplacement, tasksOn } from './watching.ts';

/** Marathon replaces what is on an agent that is lost, when its patience is over. */
function replaced({ facts, patienceMs }: Scene, lost: Cause): { readonly wanted: Cause; readonly gone: Prediction } {
  const patience = `then unreachableStrategy.inactiveAfterSeconds ${patienceMs / 1000}`;
  const told = promptly(facts, patience, sources.unreachable);
  const wanted = {
    ...plus(lost, { fromMs: patienceMs, toMs: patienceMs + told.toMs }),
    formula: `${lost.formula}; ${told.formula}`,
    source: sources.unreachable,
  };
  return { wanted, gone: predict('task-lost', 'Marathon gives its task up', { ...wanted, formula: told.formula }) };
}

/** An agent that is away for good: until the master gives it up, and what ran there runs elsewhere. */
function awayForGood(
  scene: Scene,
  {
    words,
    deed,
    isSeenAtOnce,
    replacedBy,
    agents,
  }: {
    readonly words: (agent: DrillAgent) => readonly string[];
    readonly deed: PartDeed;
    readonly isSeenAtOnce: boolean;
    /** What has Marathon replace its task, where that is not the loss of the agent. */
    readonly replacedBy?: Cause;
    /** Those that may be chosen; missing: all. */
    readonly agents?: readonly DrillAgent[];
  },
): Strike {
  const agent = chosenAgent(scene, agents);
  const { facts, tasks } = scene;
  const lost = agentLost(facts);
  const { wanted, gone } = replaced(scene, lost);
  const [victim] = tasksOn(tasks, agent);
  return {
    target: agent.id,
    words: words(agent),
    predictions: [
      ...(isSeenAtOnce
        ? [
            predict(
              'noticed',
              `the master notices that ${agent.id} is away`,
              promptly(facts, 'its connection ends', sources.reconciliation),
            ),
          ]
        : []),
      predict('agent-lost', `the master gives ${agent.id} up`, lost),
      ...(victim === undefined ? [] : [gone, ...replacement(facts, replacedBy ?? wanted, replacedBy?.formula)]),
    ],
    run: async (stage) => {
      await stage.act(deed, [agent.id]);
      await Promise.all([
        followAgent(
          stage,
          agent,
          ...(isSeenAtOnce ? [['noticed', (seen?: { active: boolean }) => seen?.active === false] as const] : []),
          ['agent-lost', (seen) => seen?.registered === false],
        ),
        ...(victim === undefined ? [] : [followReplacement(stage, victim, scene)]),
      ]);
    },
  };
}

export const killAgent: Drill = {
  name: 'kill-agent',
  title: "an agent's process dies and does not come back; its tasks run on, unseen",
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets,
  plan: (scene) =>
    awayForGood(scene, {
      words: ({ id }) => [
        `${id} is killed as by kill -9, and stays down.`,
        'Its tasks run on and serve until the master gives the agent up; then Marathon starts them elsewhere.',
      ],
      deed: 'kill',
      isSeenAtOnce: true,
    }),
};

const aloneIn = ({ agents }: DrillFacts) => agents.filter(({ isAlone }) => isAlone);

export const killMachine: Drill = {
  name: 'kill-machine',
  title: "an agent's machine dies with all that runs on it",
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets: (facts) => aloneIn(facts).map(({ id }) => id),
  plan: (scene) =>
    awayForGood(scene, {
      words: ({ id }) => [
        `Everything on the machine of ${id} ends at once, its tasks too, and stays down.`,
        'Its tasks fail their health checks: they leave the load balancer, and Marathon starts others before the master gives the agent up.',
      ],
      deed: 'unplug',
      isSeenAtOnce: true,
      replacedBy: unhealthy(),
      agents: aloneIn(scene.facts),
    }),
};

export const partitionAgent: Drill = {
  name: 'partition-agent',
  title: 'the cable of an agent is pulled, and put back',
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets,
  plan: (scene) => {
    const away = awayForGood(scene, {
      words: ({ id }) => [
        `Nothing gets through between ${id} and the masters. Its tasks run on and serve until the master gives the agent up.`,
        `Then the cable is put back: ${id} registers again, and what was replaced there is killed.`,
      ],
      deed: 'partition',
      isSeenAtOnce: false,
    });
    const agent = chosenAgent(scene);
    return {
      ...away,
      predictions: [...away.predictions, back(scene.facts, agent)],
      run: async (stage) => {
        await away.run(stage);
        await bringBack(stage, agent);
      },
    };
  },
};
