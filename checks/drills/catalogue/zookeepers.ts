import type { Drill } from '../drill.ts';
import { zookeepersThatServe } from '../looks.ts';
import { andThen, masterElected, predict, promptly, sources, zookeepersGone, zookeeperStarts } from '../predictions.ts';
import { followLeader, led } from './masters.ts';

export const killZookeeper: Drill = {
  name: 'kill-zookeeper',
  title: 'a ZooKeeper dies and comes back; the others are a majority',
  harm: 'parts of the lab',
  needs: { zookeepers: 3, loadBalancer: true },
  targets: ({ zookeepers }) => zookeepers.map(({ id }) => id),
  plan: ({ facts, wanted }) => {
    const { zookeepers } = facts;
    const id = wanted ?? zookeepers[0]?.id ?? '';
    return {
      target: id,
      words: [
        `${id} is killed, and started again as soon as it is missed. ${zookeepers.length - 1} of ${zookeepers.length} are a majority.`,
        'Sessions move to the others: the same master and the same Marathon lead, and clients notice nothing.',
      ],
      predictions: [
        predict('noticed', `${id} does not answer`, promptly(facts, 'its port is closed', sources.zookeeper)),
        predict('zookeeper-back', `${id} serves again`, zookeeperStarts, 'started'),
      ],
      run: async (stage) => {
        const { cluster, follow } = stage;
        const serving = zookeepersThatServe(cluster);
        await stage.act('kill', [id]);
        await follow(serving, [['noticed', (seen) => seen?.includes(id) === false]]);
        await stage.act('start', [id]);
        await follow(serving, [['zookeeper-back', (seen) => seen?.includes(id) === true]]);
      },
    };
  },
};

export const loseZookeeper: Drill = {
  name: 'lose-zookeeper',
  title: 'so many ZooKeepers die that the rest serves nobody, and come back',
  harm: 'parts of the lab',
  needs: { zookeepers: 3, loadBalancer: true },
  plan: (scene) => {
    const { facts } = scene;
    const ids = facts.zookeepers.map(({ id }) => id);
    const killed = ids.slice(0, Math.floor(ids.length / 2) + 1);
    const words = killed.join(', ');
    return {
      target: words,
      words: [
        `${killed.join(' and ')} are killed, and started again a second after the rest has stopped to serve.`,
        'Masters and Marathon cannot say whether they still lead: those whose session ends give up. What runs, runs on, and clients notice nothing.',
      ],
      predictions: [
        predict('noticed', 'no ZooKeeper serves', zookeepersGone(facts)),
        predict('zookeeper-back', 'all of them serve again', zookeeperStarts, 'started'),
        // Whose session has not ended leads on, as soon as there is somebody to ask.
        ...led(facts, { ...andThen(zookeeperStarts, masterElected(facts)), fromMs: 0 }, 'started'),
      ],
      run: async (stage) => {
        const { cluster, follow } = stage;
        await stage.act('kill', killed);
        await follow(zookeepersThatServe(cluster), [['noticed', (seen) => seen?.length === 0]]);
        await stage.sleep(1000);
        await stage.act('start', killed);
        await follow(zookeepersThatServe(cluster), [['zookeeper-back', (seen) => seen?.length === ids.length]]);
        await followLeader(stage, scene);
      },
    };
  },
};
