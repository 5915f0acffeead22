import type { Amounts } from '../picture/tables.ts';
import { plus, type KnownTask } from './read-mesos.ts';

/** What tasks that have not ended use, and how many they are. */
interface Share {
  readonly used: Amounts;
  readonly tasks: number;
}

const noShare: Share = { used: { cpus: 0, mem: 0, disk: 0 }, tasks: 0 };

/** Sums of tasks by agent and by framework. */
export class Shares {
  readonly #agents = new Map<string, Share>();
  readonly #frameworks = new Map<string, Share>();

  /** @param times -1: it is no more */
  count(task: KnownTask, times: 1 | -1): void {
    add(this.#agents, task.agent, task, times);
    add(this.#frameworks, task.framework, task, times);
  }

  ofAgent(id: string): Share {
    return this.#agents.get(id) ?? noShare;
  }

  ofFramework(id: string): Share {
    return this.#frameworks.get(id) ?? noShare;
  }
}

function add(shares: Map<string, Share>, id: string, task: KnownTask, times: 1 | -1): void {
  const { used, tasks } = shares.get(id) ?? noShare;
  shares.set(id, { used: plus(used, task, times), tasks: tasks + times });
}
