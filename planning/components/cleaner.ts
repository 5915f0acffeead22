import type { Reason } from './component.ts';
import { dockerRemoveDelay } from './mesos-agent.ts';

/** What removes the containers that have ended in an agent's own Engine: a part of an agent, and no role. */
export const cleaner = {
  /** Ended containers that an Engine keeps at most. */
  containers: 10,
  /** How long it keeps them at most, where neither the spec nor the agent's own flag says it. */
  age: dockerRemoveDelay,
  danglingImagesMb: 1024,
  /** A shell, and the Docker client beside it. */
  usualMemoryMb: 12,
};

const source = 'docs/decisions.md, 76';

/** Its settings; what values they have is in plan-cleaner.ts. */
export const cleanerReasons: Readonly<Record<string, Reason>> = {
  CLEANER_CONTAINERS: {
    why: "`cleaner.containers` of the spec. Mesos has only a delay (docker_remove_delay): an app that crashes every second has left hundreds of containers by then, each with what it wrote and with its log. Ten are enough to look at; the engine's own agent keeps as many.",
    source,
    comment: 'Ended containers of tasks that are kept: an app that crashes in a loop fills no disk.',
  },
  CLEANER_AGE_SECONDS: {
    why: '`cleaner.age` of the spec; without it what docker_remove_delay says to Mesos, which forgets the containers of an agent that did not come back.',
    source,
  },
  CLEANER_IMAGES_MB: {
    why: '`cleaner.danglingImagesMb` of the spec: images that no tag names any more, as those before the last `docker pull` of a tag that moved. No agent of Mesos removes an image. Those of containers that are still there stay.',
    source,
  },
  CLEANER_WORK_DIR: {
    why: "The agent's work folder. Only a container with a sandbox in it is one of this agent: Mesos gives containers no label, and anybody can call one `mesos-…`.",
    source: 'Apache Mesos, src/docker/docker.cpp (RunOptions), docs/sandbox.md; docs/decisions.md, 76',
  },
};
