import { chronosDefaults } from '../../protocol/mesos-defaults.ts';
import type { EngineWorld } from '../component.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { RecordStore } from '../framework/storage/record-store.ts';

export interface ChronosOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** As Chronos calls itself: to its group, to the master, and in the `Host` headers that it takes. */
  readonly hostname: string;
  /** Who knows the leading master. */
  readonly masters: Discovery;
  /** The group of Chronoses, one of which leads. */
  readonly election: Discovery;
  readonly frameworkName?: string;
  /** Who runs the tasks of jobs that do not say (`user`). */
  readonly user?: string;
  readonly role?: string;
  /** `webui_url` */
  readonly webUrl?: string;
  readonly checkpoint?: boolean;
  readonly principal?: string;
  /** How long the master keeps the tasks of a Chronos that is gone. */
  readonly failoverTimeoutSeconds?: number;
  /** What a task is given whose job does not say (`mesos_task_cpu`, …). */
  readonly taskCpus?: number;
  readonly taskMem?: number;
  readonly taskDisk?: number;
  /** Between a failure and the next try. */
  readonly failureRetryMs?: number;
  /** A job that has failed so often in a row is disabled; 0: never. */
  readonly disableAfterFailures?: number;
  readonly reconciliationIntervalMs?: number;
  /** How many runs of a job its history shows. */
  readonly jobHistoryLimit?: number;
  /** How long a refused offer stays refused, unless Chronos asks for it. */
  readonly declineOfferSeconds?: number;
  /** Offers are not asked for more often than this. */
  readonly minReviveMs?: number;
}

export interface ChronosWorld extends EngineWorld {
  readonly store: RecordStore;
  /** Milliseconds since 1970; tests give other clocks. */
  readonly clock?: () => number;
}

export type ChronosSettings = Required<Omit<ChronosOptions, 'webUrl' | 'principal'>> &
  Pick<ChronosOptions, 'webUrl' | 'principal'>;

/** The defaults are Chronos 3's, but that it asks for offers as soon as a job waits for one. */
export const withDefaults = (options: ChronosOptions): ChronosSettings => ({
  ...chronosDefaults,
  minReviveMs: 200,
  ...options,
});
