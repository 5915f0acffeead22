import type { Drill, Prediction, Scene } from '../drill.ts';
import type { DrillFacts } from '../drill-facts.ts';
import { agentsOf, frameworkOf, leaderOf } from '../looks.ts';
import {
  andThen,
  masterElected,
  partStarts,
  predict,
  promptly,
  registered,
  sources,
  type Cause,
} from '../predictions.ts';
import type { Stage } from '../stage.ts';

/** Another master leads, Marathon and all agents have found it. */
export function led(facts: DrillFacts, elected: Cause, after?: string): readonly Prediction[] {
  return [
    predict('leader-elected', 'a master leads and has its registry', elected, after),
    predict('framework-back', 'Marathon is registered with it', registered(facts, elected, 'Marathon'), after),
    predict('agents-back', 'all agents are registered with it', registered(facts, elected, 'the agents'), after),
  ];
}

/** @param former URL of the one that led, where it must be another */
export async function followLeader({ cluster, follow }: Stage, { facts }: Scene, former?: string): Promise<void> {
  await follow(leaderOf(cluster), [['leader-elected', (leader) => leader !== undefined && leader !== former]]);
  await Promise.all([
    follow(frameworkOf(cluster), [['framework-back', (isActive) => isActive === true]]),
    follow(agentsOf(cluster, facts.agents), [
      ['agents-back', (agents) => agents !== undefined && agents.every(({ active }) => active)],
    ]),
  ]);
}

export const killMaster: Drill = {
  name: 'kill-master',
  title: 'the leading master dies, and another one leads',
  harm: 'parts of the lab',
  needs: { masters: 3, loadBalancer: true },
  plan: (scene) => {
    const { facts, leader } = scene;
    return {
      target: leader,
      words: [
        `${leader}, which leads, is killed and stays down. The others elect one of them.`,
        'Nothing can be launched until Marathon is registered with it; what runs, runs on, and clients notice nothing.',
      ],
      predictions: led(facts, masterElected(facts)),
      run: async (stage) => {
        const former = facts.masters.find(({ id }) => id === leader)?.url;
        await stage.act('kill', [leader]);
        await followLeader(stage, scene, former);
      },
    };
  },
};

export const loseQuorum: Drill = {
  name: 'lose-quorum',
  title: 'so many masters die that none may lead, and come back',
  harm: 'parts of the lab',
  needs: { masters: 3, loadBalancer: true },
  plan: (scene) => {
    const { facts, leader } = scene;
    const { masters, quorum } = facts;
    // One fewer than the quorum is left, and the leader is not among them.
    const killed = [leader, ...masters.map(({ id }) => id).filter((id) => id !== leader)].slice(
      0,
      masters.length - quorum + 1,
    );
    return {
      target: killed.join(', '),
      words: [
        `${killed.join(' and ')} are killed: ${masters.length - killed.length} of ${masters.length} masters is left, and ${quorum} are a quorum. None may lead.`,
        'A second later they are started. What runs, runs on, and clients notice nothing.',
      ],
      predictions: [
        predict(
          'no-leader',
          'no master leads',
          promptly(facts, 'the leader is gone, and the rest are too few', sources.ha),
        ),
        ...led(facts, { ...andThen(partStarts(facts), masterElected(facts)), fromMs: 0 }, 'started'),
      ],
      run: async (stage) => {
        await stage.act('kill', killed);
        await stage.follow(leaderOf(stage.cluster), [['no-leader', (seen) => seen === undefined]]);
        await stage.sleep(1000);
        await stage.act('start', killed);
        await followLeader(stage, scene);
      },
    };
  },
};
