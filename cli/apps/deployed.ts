import type { StrategyName } from '../../planning/catalogue/strategy-names.ts';

/** What happened to an app, a pod, a group or a job. */
export interface Deployed {
  readonly kind: 'app' | 'pod' | 'group' | 'job';
  readonly id: string;
  /**
   * Of a group Marathon does not say whether it was there; `scaled` by the verb scale, `restored` by rollback; `unchanged`
   * where a strategy found that this version runs already.
   */
  readonly change: 'created' | 'updated' | 'deployed' | 'scaled' | 'restored' | 'unchanged';
  /** Jobs have none. */
  readonly deploymentId?: string;
  readonly strategy?: StrategyName;
  /** The app that it has taken the place of, and that is gone. */
  readonly replaced?: string;
  /** Of rollback: the version that runs again. */
  readonly version?: string;
  /** With --wait, and of strategies: what runs now. */
  readonly state?: string;
}
