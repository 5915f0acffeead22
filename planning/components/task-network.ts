import type { Reason } from './component.ts';

/** What makes the network of tasks in an agent's own Engine: a part of an agent, and no role. */
export const taskNetwork = {
  /** A shell, and the Docker client beside it. */
  usualMemoryMb: 12,
};

const source = 'docs/decisions.md, 80';

/** Its settings; what ranges there are is in lab-network.ts. */
export const taskNetworkReasons: Readonly<Record<string, Reason>> = {
  TASK_NETWORK: {
    why: '`taskNetwork` of the spec: the name of a Docker network in the Engine of each agent, as apps have it (`networks: [{ "mode": "container", "name": … }]`).',
    source,
  },
  TASK_NETWORK_SUBNET: {
    why: "The agent's own part of the lab's network, 61 addresses for containers: no two agents, and nobody else in the lab, has one of them.",
    source,
  },
  TASK_NETWORK_GATEWAY: {
    why: "The first address of the agent's part, which the agent has itself: its containers reach everybody through it.",
    source,
  },
};
