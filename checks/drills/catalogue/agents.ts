import type { Drill, Prediction, Scene, Strike } from '../drill.ts';
import type { DrillAgent, DrillFacts } from '../drill-facts.ts';
import {
  agentLost,
  plus,
  predict,
  promptly,
  registered,
  replacement,
  seconds,
  sources,
  unhealthy,
  type Cause,
} from '../predictions.ts';
import type { PartDeed } from '../part-control.ts';
import type { Stage } from '../stage.ts';
import { answers, tasksOf } from '../looks.ts';
import { chosenAgent, followAgent, followReplacement, newTasks, tasksOn } from './watching.ts';

const targets = ({ agents }: DrillFacts) => agents.map(({ id }) => id);

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
  }: {
    readonly words: (agent: DrillAgent) => readonly string[];
    readonly deed: PartDeed;
    readonly isSeenAtOnce: boolean;
    /** What has Marathon replace its task, where that is not the loss of the agent. */
    readonly replacedBy?: Cause;
  },
): Strike {
  const agent = chosenAgent(scene);
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
      await stage.strike(`${deed} ${agent.id}`, (control) => control.act(deed, [agent.id], stage.signal));
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

export const killMachine: Drill = {
  name: 'kill-machine',
  title: "an agent's machine dies with all that runs on it",
  harm: 'parts of the lab',
  needs: { agents: 2, loadBalancer: true },
  targets,
  plan: (scene) =>
    awayForGood(scene, {
      words: ({ id }) => [
        `Everything on the machine of ${id} ends at once, its tasks too, and stays down.`,
        'Its tasks fail their health checks: they leave the load balancer, and Marathon starts others before the master gives the agent up.',
      ],
      deed: 'unplug',
      isSeenAtOnce: true,
      replacedBy: unhealthy(),
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

/** How long an agent that was cut off, stopped or stood still takes to be used again. */
function back(facts: DrillFacts, { id }: DrillAgent): Prediction {
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

async function bringBack(stage: Stage, agent: DrillAgent): Promise<void> {
  await stage.strike(`start ${agent.id}`, (control) => {
    stage.mark('started');
    return control.act('start', [agent.id], stage.signal);
  });
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
        const watched = followAgent(stage, agent, ['noticed', (seen) => seen?.active === false]);
        await stage.strike(`stop ${agent.id}`, (control) => control.act('stop', [agent.id], stage.signal));
        await watched;
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
        await stage.strike(`pause ${agent.id}`, (control) => control.act('pause', [agent.id], stage.signal));
        await Promise.all([stage.sleep(standsMs), stage.follow(health, [['silent', (seen) => seen !== true]])]);
        await stage.strike(`start ${agent.id}`, (control) => {
          stage.mark('started');
          return control.act('start', [agent.id], stage.signal);
        });
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
