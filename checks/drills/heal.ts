import type { Clock } from '../../platform/clock.ts';
import type { Cluster } from '../cluster-target.ts';
import { pollUntil, type PollOptions, type Seen } from '../poll-until.ts';
import { waitUntilReady } from '../wait-until-ready.ts';
import { remainsOf, tellMarathon } from './drill-app.ts';
import { reactivate } from './maintenance.ts';
import type { PartControl } from './part-control.ts';

/** What a drill has touched, written down before it does it: whoever heals needs nothing else. */
export interface DrillRecord {
  readonly drill: string;
  /** Of the drill's apps: `/drill-…`. */
  readonly group: string;
  /** Parts of the lab that may be down. */
  readonly parts: readonly string[];
  /** Ids of agents that may be drained, as the master has them. */
  readonly drained: readonly string[];
}

export interface HealWorld {
  readonly cluster: Cluster;
  readonly control: PartControl;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Brings back what a drill has touched, and waits until the cluster is ready. What is well already is left alone: it may be
 * said twice.
 * @throws what the runtime throws; NotReadyError
 */
async function heal(record: DrillRecord, world: HealWorld): Promise<void> {
  const { cluster, control, clock, intervalMs, timeoutMs, signal } = world;
  if (record.parts.length > 0) await control.act('start', record.parts, signal);
  const times = { timeoutMs, intervalMs, signal, clock };
  // An agent that is drained is not active, and so not ready.
  for (const id of record.drained) await expectSoon((either) => reactivate(cluster, id, either), times);
  await waitUntilReady(cluster.target, times);
}

/** Removes the apps of a drill from a cluster that is ready. @throws Error when they do not go */
const removeDrillApps = ({ group }: DrillRecord, { cluster, ...world }: HealWorld): Promise<void> =>
  expectSoon((either) => removeApps(cluster, group, either), world);

async function expectSoon(look: (signal: AbortSignal) => Promise<Seen>, times: PollOptions): Promise<void> {
  const result = await pollUntil(look, times);
  if (!result.ok) throw new Error(result.seen);
}

async function removeApps(cluster: Cluster, group: string, signal: AbortSignal): Promise<Seen> {
  const remains = await remainsOf(cluster, group, signal);
  if (remains !== undefined && !remains.apps && !remains.deployments) return { ok: true, seen: `${group} is removed` };
  // A second order would start another deployment.
  if (remains?.apps === true)
    await tellMarathon(cluster, { method: 'DELETE', path: `/v2/groups${group}?force=true` }, signal);
  return { ok: false, seen: `${group} is still being removed` };
}

/**
 * Heals, removes the apps, and has somebody prove that the cluster works, which takes as long as both: at the same time.
 * @throws what heal throws, and removeDrillApps, and the proof
 */
export async function healAndProve<Proof>(
  record: DrillRecord,
  world: HealWorld,
  prove: () => Promise<Proof>,
): Promise<Proof> {
  await heal(record, world);
  const [proof] = await Promise.all([prove(), removeDrillApps(record, world)]);
  return proof;
}
