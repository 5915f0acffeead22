import type { Drill } from '../drill.ts';
import { answers, frameworkOf, marathonLeaderOf } from '../looks.ts';
import { andThen, partStarts, predict, promptly, registered, sessionOver, sources } from '../predictions.ts';
import { serviceUrl } from '../../cluster-target.ts';

export const killMarathon: Drill = {
  name: 'kill-marathon',
  title: 'the leading Marathon dies; another one takes over, or it is started again',
  harm: 'parts of the lab',
  needs: { loadBalancer: true },
  plan: ({ facts, marathonLeader }) => {
    const isAlone = facts.marathons.length < 2;
    const session = sessionOver(facts, facts.settings.marathonSessionMs, 'zk_session_timeout');
    // It is its own rival: ZooKeeper has it lead only when the session is over that it had before.
    const elected = isAlone ? { ...andThen(partStarts(facts, true), session), fromMs: 0 } : session;
    const after = isAlone ? 'started' : undefined;
    return {
      target: marathonLeader,
      words: [
        `${marathonLeader} is killed. ${isAlone ? 'There is no other: it is started again as soon as it is missed.' : 'It stays down: another one takes over.'}`,
        'Tasks run on without a Marathon, and clients notice nothing; only changes, and replacements, wait.',
      ],
      predictions: [
        ...(isAlone
          ? [predict('noticed', 'nobody answers for Marathon', promptly(facts, 'its port is closed', sources.ha))]
          : []),
        predict('leader-elected', 'a Marathon leads', elected, after),
        predict('framework-back', 'its framework is registered again', registered(facts, elected, 'Marathon'), after),
      ],
      run: async (stage) => {
        const { cluster, signal, follow } = stage;
        const former = await marathonLeaderOf(cluster)(signal);
        await stage.act('kill', [marathonLeader]);
        if (isAlone) {
          await follow(marathonLeaderOf(cluster), [['noticed', (seen) => seen === undefined]]);
          await stage.act('start', [marathonLeader]);
        }
        await follow(marathonLeaderOf(cluster), [
          ['leader-elected', (seen) => seen !== undefined && (isAlone || seen !== former)],
        ]);
        await follow(frameworkOf(cluster), [['framework-back', (isActive) => isActive === true]]);
      },
    };
  },
};

export const killLoadBalancer: Drill = {
  name: 'kill-load-balancer',
  title: 'the load balancer dies and is started again',
  harm: 'parts of the lab',
  needs: { loadBalancer: true },
  plan: ({ facts, servicePort }) => {
    const id = facts.balancers[0]?.id ?? '';
    return {
      target: id,
      words: [
        `${id} is killed, and started again as soon as it is missed. The apps behind it run on.`,
        'There is one way in, and it is closed: all requests fail until it is back and has asked Marathon for its apps.',
      ],
      predictions: [
        predict(
          'noticed',
          'nobody answers for the load balancer',
          promptly(facts, 'its ports are closed', sources.balancer),
        ),
        predict(
          'balancer-back',
          'it answers again',
          {
            ...promptly(facts, 'it starts', sources.balancer),
            toMs: facts.inOneProcess ? 1000 : 30_000,
            formula: `it starts (${facts.inOneProcess ? 1 : 30} s allowed for)`,
          },
          'started',
        ),
        predict(
          'clients-back',
          'requests get through again',
          {
            fromMs: 0,
            toMs: facts.inOneProcess ? 1500 : 35_000,
            formula: 'then it asks Marathon for its apps',
            source: sources.balancer,
          },
          'started',
        ),
      ],
      run: async (stage) => {
        const { cluster, follow } = stage;
        const { loadBalancer = '' } = cluster.target;
        const service = `${serviceUrl(cluster.target.services, servicePort)}/`;
        const ofBalancer = answers(cluster, `${loadBalancer}/_haproxy_health_check`);
        await stage.act('kill', [id]);
        await follow(ofBalancer, [['noticed', (seen) => seen !== true]]);
        await stage.act('start', [id]);
        await Promise.all([
          follow(ofBalancer, [['balancer-back', (seen) => seen === true]]),
          follow(answers(cluster, service), [['clients-back', (seen) => seen === true]]),
        ]);
      },
    };
  },
};
