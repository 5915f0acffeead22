import type { Plan } from '../../planning/plan/plan.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AppDefinition } from '../app-definition.ts';
import type { Cluster } from '../cluster-target.ts';
import { checkNeeds } from './check-needs.ts';
import type { Drill, Strike } from './drill.ts';
import { groupPrefix } from './drill-app.ts';
import { healAndProve, type DrillRecord } from './heal.ts';
import type { PartControl } from './part-control.ts';
import { reportRun, type DrillRun, type Healing, type Raw } from './report/drill-report.ts';
import { lookAtCluster, setScene, settle } from './set-scene.ts';
import { NotRecovered, stageOf, type Happened } from './stage.ts';
import type { ProbeRequest, SteadyProbe } from './steady-probe.ts';

/** What a person is told while a drill runs. */
export type DrillProgress =
  | { readonly kind: 'step'; readonly title: string }
  /** Before anything is struck. */
  | { readonly kind: 'predicted'; readonly strike: Strike }
  | { readonly kind: 'event'; readonly atMs: number; readonly text: string };

export interface DrillWorld {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly drill: Drill;
  readonly control: PartControl;
  /** What the lab's nginx is: the drill's app is such a one. */
  readonly nginx: AppDefinition;
  /** What `--target` says. */
  readonly wanted?: string;
  /** Unique, and part of an app's id: lower case letters and digits. */
  readonly runId: string;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly epochMs: () => number;
  /** Between two looks. */
  readonly intervalMs: number;
  /** For apps to start, and for a cluster that was healed to be ready. */
  readonly timeoutMs: number;
  /** Aborts when the user wants it to end: then it heals, too. */
  readonly signal: AbortSignal;
  /** Writes down what is about to be touched, before it is. */
  readonly remember: (record: DrillRecord) => void;
  /** All of that is undone. */
  readonly forget: () => void;
  /** Whether the cluster works, once it is healed: verify, in words. Not with the signal of the user. */
  readonly prove: () => Promise<{ readonly ok: boolean; readonly evidence: string }>;
  readonly onProgress: (progress: DrillProgress) => void;
}

/** What is collected while it runs. */
interface Notes {
  strike?: Strike;
  probe?: SteadyProbe;
  struckAtEpochMs?: number;
  readonly strikes: { readonly at: number; readonly words: string }[];
  readonly happened: Happened[];
}

/** How much longer than predicted anything is waited for. */
const patienceMs = 30_000;

/**
 * Runs a drill: looks whether the cluster is healthy, deploys an app of its own, says what will happen, does it, measures,
 * and heals whatever comes, which verify proves.
 * @returns undefined when it was interrupted before it struck: then all is as it was
 * @throws DrillRefusal when it cannot be done; what the runtime throws; both when all is as it was, as far as that can be
 */
export async function runDrill(world: DrillWorld): Promise<DrillRun | undefined> {
  const { clock, signal, drill, onProgress } = world;
  const beganAt = clock.now();
  const notes: Notes = { strikes: [], happened: [] };
  const record = { drill: drill.name, group: `${groupPrefix}${world.runId}`, parts: [], drained: [] };
  onProgress({ kind: 'step', title: 'The cluster is healthy' });
  const seen = await lookAtCluster(world);
  checkNeeds(drill, seen.facts, world.wanted, world.plan.adopted !== undefined);
  world.remember(record);
  const keeper = recordKeeper(record, world);
  const fault = await strikeAndWatch(world, seen, notes, keeper).catch((error: unknown) => error);
  // Who interrupts while it heals interrupts nothing.
  const wasInterrupted = signal.aborted;
  const requests = stopProbe(notes.probe);
  onProgress({ kind: 'step', title: 'Healing, and proving it' });
  const healing = await healed(world, keeper);
  if (fault instanceof Error && !(fault instanceof NotRecovered) && !wasInterrupted) throw fault;
  if (notes.strike === undefined || notes.strikes.length === 0) return undefined;
  const outcome = fault instanceof NotRecovered ? 'not recovered' : wasInterrupted ? 'interrupted' : 'recovered';
  return reportRun({
    ...{ strike: notes.strike, beganAt, endedAt: clock.now(), outcome, healed: healing, requests },
    ...{ strikes: notes.strikes, happened: notes.happened, struckAtEpochMs: notes.struckAtEpochMs ?? 0 },
    ...(fault instanceof NotRecovered ? { fault: fault.message } : {}),
  } satisfies Raw);
}

function stopProbe(probe: SteadyProbe | undefined): readonly ProbeRequest[] {
  probe?.stop();
  return probe?.requests() ?? [];
}

async function strikeAndWatch(
  world: DrillWorld,
  seen: Awaited<ReturnType<typeof lookAtCluster>>,
  notes: Notes,
  keeper: RecordKeeper,
): Promise<void> {
  const { cluster, clock, signal, intervalMs, timeoutMs, nginx, wanted, drill, onProgress, epochMs } = world;
  onProgress({ kind: 'step', title: "The drill's own app runs, and clients get through to it" });
  const { scene, probe } = await setScene(world, seen, { group: keeper.record().group, nginx, wanted });
  notes.probe = probe;
  const strike = drill.plan(scene);
  notes.strike = strike;
  onProgress({ kind: 'predicted', strike });
  const done = new AbortController();
  const titles = new Map(strike.predictions.map(({ milestone, title }) => [milestone, title]));
  const since = (at: number) => Math.round(at - (notes.strikes[0]?.at ?? at));
  const deadlineMs = Math.max(0, ...strike.predictions.map(({ toMs }) => toMs)) + patienceMs;
  const stage = stageOf({
    ...{ cluster, app: scene.app, clock, intervalMs, deadlineMs },
    control: keeper.control,
    willDrain: keeper.willDrain,
    signal: AbortSignal.any([signal, done.signal]),
    onStrike: (at, words) => {
      notes.struckAtEpochMs ??= epochMs();
      notes.strikes.push({ at, words });
      onProgress({ kind: 'event', atMs: since(at), text: words });
    },
    onHappened: (happened) => {
      notes.happened.push(happened);
      const text = titles.get(happened.milestone);
      if (text !== undefined) onProgress({ kind: 'event', atMs: since(happened.at), text });
    },
  });
  try {
    signal.throwIfAborted();
    await strike.run(stage);
    const found = await settle(probe, { timeoutMs, intervalMs, signal, clock });
    if (found !== undefined) throw new NotRecovered(`clients do not get through again: ${found}`);
  } finally {
    // Looks that wait for what does not come any more end with it.
    done.abort(new Error('the drill is over'));
  }
}

async function healed(world: DrillWorld, keeper: RecordKeeper): Promise<Healing> {
  const { clock, cluster, control, intervalMs, timeoutMs } = world;
  const start = clock.now();
  const tookMs = () => Math.round(clock.now() - start);
  try {
    // Not with the signal of the user, who wants it to end, not to leave things broken.
    const { signal } = new AbortController();
    const healing = { cluster, control, clock, intervalMs, timeoutMs, signal };
    const heal = () => healAndProve(keeper.record(), healing, world.prove);
    // Ctrl-C in a terminal also ends commands of the runtime, which then give no answer: those are asked once more.
    const proof = await heal().catch((error: unknown) => {
      if (!world.signal.aborted) throw error;
      return heal();
    });
    if (proof.ok) world.forget();
    return { ...proof, tookMs: tookMs() };
  } catch (error) {
    return { ok: false, evidence: error instanceof Error ? error.message : String(error), tookMs: tookMs() };
  }
}

type RecordKeeper = ReturnType<typeof recordKeeper>;

/** Writes down what is touched before it is. */
function recordKeeper(first: DrillRecord, { control, remember }: DrillWorld) {
  let record = first;
  const add = (change: Partial<DrillRecord>) => {
    record = { ...record, ...change };
    remember(record);
  };
  const careful: PartControl = {
    act: async (deed, ids, signal) => {
      if (deed !== 'start') add({ parts: [...new Set([...record.parts, ...ids])] });
      await control.act(deed, ids, signal);
    },
  };
  return {
    record: () => record,
    control: careful,
    willDrain: (agentId: string) => {
      add({ drained: [...record.drained, agentId] });
    },
  };
}
