import type { DrillName } from '../../planning/catalogue/drill-names.ts';
import type { TaskSeen } from '../app-definition.ts';
import type { DrillFacts } from './drill-facts.ts';
import type { Stage } from './stage.ts';

/** What a drill changes: an app of its own alone, or parts of the lab. */
export type DrillHarm = 'its own app' | 'parts of the lab';

/** What a lab must have. */
export interface DrillNeeds {
  readonly masters?: number;
  readonly agents?: number;
  readonly zookeepers?: number;
  readonly loadBalancer?: true;
  /** Agents that kill what writes more than it may. */
  readonly diskQuota?: true;
}

/** When something will be so, with the settings that say it. */
export interface Prediction {
  /** Stable, for machines: `agent-lost`. */
  readonly milestone: string;
  /** What is so then: `the master gives agent2 up`. */
  readonly title: string;
  /** After the drill has struck, or after another milestone. In milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly after?: string;
  /** How it was derived: `agent_ping_timeout 15 s x max_agent_ping_timeouts 5 = 75 s, and up to a ping more`. */
  readonly formula: string;
  /** Where that is documented. */
  readonly source: string;
}

/** The cluster as a drill finds it, with its own app running. */
export interface Scene {
  readonly facts: DrillFacts;
  /** Id of the drill's app, and its tasks. */
  readonly app: string;
  readonly tasks: readonly TaskSeen[];
  /** Where the load balancer has that app. */
  readonly servicePort: number;
  /** `inactiveAfterSeconds` of its unreachableStrategy, in milliseconds. */
  readonly patienceMs: number;
  /** Ids of the leading master and Marathon. */
  readonly leader: string;
  readonly marathonLeader: string;
  /** What the user wants it to strike. */
  readonly wanted?: string;
}

/** What a drill will do to this cluster, said before it does it. */
export interface Strike {
  /** What is struck: ids of parts, or of a task. */
  readonly target: string;
  /** What is done, and what comes of it, a sentence each. */
  readonly words: readonly string[];
  readonly predictions: readonly Prediction[];
  readonly run: (stage: Stage) => Promise<void>;
}

/** A failure made on purpose. */
export interface Drill {
  readonly name: DrillName;
  readonly title: string;
  readonly harm: DrillHarm;
  readonly needs: DrillNeeds;
  /** What `--target` may say; missing: it takes none. */
  readonly targets?: (facts: DrillFacts) => readonly string[];
  readonly plan: (scene: Scene) => Strike;
}

/** A drill that cannot be done: nothing was changed. */
export class DrillRefusal extends Error {
  override readonly name = 'DrillRefusal';
  readonly kind: 'usage' | 'not healthy';
  readonly details: { readonly found?: string; readonly allowed?: string; readonly fix?: string };

  constructor(kind: DrillRefusal['kind'], message: string, details: DrillRefusal['details'] = {}) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}
