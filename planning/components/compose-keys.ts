import type { Reason } from './component.ts';
import { composeSpec, dindDoc, haDoc, tried, zookeeperImage } from './sources.ts';

/** Keys of the Compose files that are no settings of a program; their values are in generators/compose/. */
export const composeReasons: Readonly<Record<string, Reason>> = {
  privileged: {
    why: ({ agentDocker, imageSet }) =>
      `${agentDocker === 'dind' ? 'Docker in Docker mounts and makes cgroups.' : 'The agent manages the cgroups of its tasks.'}${
        imageSet === 'clusterd'
          ? " Agents of set clusterd mount, too: their isolator network/cni does, which the CNI folders switch on. It gives nothing away: they have a privileged Engine's socket anyway."
          : ''
      } Nothing else is privileged.`,
    source: `${dindDoc}; ${tried}`,
  },
  pid: {
    why: 'Mesos watches the processes of Docker tasks by their pid.',
    source: `Apache Mesos, docs/docker-containerizer.md; ${tried}`,
    comment: "The agent must see the processes of its Engine's containers.",
  },
  network_mode: {
    why: "One host: Engine and agent use the network of their node, so tasks have the agent's address and a restarted Engine does not strand the agent; pod-keeper and cleaners need none. Several hosts: the host's.",
    source: tried,
  },
  init: {
    why: 'Without it the first process would not heed SIGTERM; in a shared pid namespace it gets the orphans.',
    source: composeSpec,
    comment: 'Ends at once when it is told to, and reaps zombies.',
  },
  mem_limit: {
    why: 'A program that runs away ends itself, not the machine. An agent gets what it offers and 512 MB for executors.',
    source: composeSpec,
  },
  restart: {
    why: 'A Mesos master exits when it loses ZooKeeper, and ZooKeeper fails fast: both must come back by themselves.',
    source: `${haDoc}; ${zookeeperImage}`,
  },
  platform: {
    why: 'The image exists for one processor only, or the spec says so.',
    source: composeSpec,
    comment: 'Other processors emulate it.',
  },
  logging: {
    why: 'At most 3 files of 10 MB for each container: a lab that is left running does not fill the disk.',
    source: 'Docker, docs/engine/logging/drivers/local',
  },
};
