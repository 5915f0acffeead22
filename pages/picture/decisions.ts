/* What the autoscaler of a lab has decided: `page/decisions`. */

/** How many there are to be, at a time. */
export interface CountDecision {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `unable`: nothing was measured. */
  readonly kind: 'scale' | 'hold' | 'unable';
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly min: number;
  readonly max: number;
}

/** Of an app. */
export interface DecisionRow extends CountDecision {
  readonly app: string;
  /** `requests-per-second`, `sessions`, `cpu`, `memory`, or `prometheus:QUERY` */
  readonly metric: string;
  readonly target: number;
  /** What was measured of one instance. */
  readonly value?: number;
}

/** What is wrong with one label. */
export interface LabelFault {
  readonly label: string;
  readonly message: string;
  /** Missing: the label is. */
  readonly found?: string;
  readonly allowed: string;
  readonly fix: string;
}

export interface ScaledAppRow {
  readonly app: string;
  readonly decision?: DecisionRow;
  /** Mistakes in its labels, for which it is not scaled. */
  readonly problems: readonly LabelFault[];
  readonly stepsUp: number;
  readonly stepsDown: number;
}

/** Of the agents of the lab; `scale`: another number is wanted. */
export interface AgentsDecision extends CountDecision {
  /** Instances that no agent has room for. */
  readonly waiting: number;
}

export interface Decisions {
  /** The last one of each app. */
  readonly apps: readonly ScaledAppRow[];
  /** Those that said something new, the newest first. */
  readonly log: readonly DecisionRow[];
  /** Missing: how many agents there are is not its business. */
  readonly agents?: {
    readonly decision?: AgentsDecision;
    readonly stepsUp: number;
    readonly stepsDown: number;
    /** The newest first. */
    readonly log: readonly AgentsDecision[];
  };
}
