import { healthCheck } from './drill-app.ts';
import type { Prediction } from './drill.ts';
import type { DrillFacts } from './drill-facts.ts';

/*
 * When things happen, derived from the settings of a cluster. Where no setting says it, the formula does say so
 * (`allowed for`): then it is what programs of this kind need at most on a machine that is not overloaded.
 */

/** From and to, in milliseconds. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export const sources = {
  masterFlags: 'Apache Mesos, docs/configuration/master.md',
  ha: 'Apache Mesos, docs/high-availability.md',
  reconciliation: 'Apache Mesos, docs/agent-recovery.md',
  maintenance: 'Apache Mesos, docs/maintenance.md',
  unreachable: 'Marathon, docs/task-handling.md and unreachable strategy',
  backoff: 'Marathon, docs/configure-task-handling.md',
  health: 'Marathon, docs/health-checks.md',
  deployments: 'Marathon, docs/deployments.md',
  balancer: 'marathon-lb, README',
  zookeeper: "ZooKeeper, Programmer's Guide: sessions; Administrator's Guide: tickTime",
  disk: 'Apache Mesos, docs/isolators/disk-du.md',
  killing: 'Apache Mesos, docs/app-framework-development-guide.md: KillPolicy; Marathon, taskKillGracePeriodSeconds',
} as const;

/** `3 s`, `0.05 s` */
export const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(2))} s`;

export const plus = (...ranges: readonly Range[]): Range => ({
  fromMs: ranges.reduce((sum, { fromMs }) => sum + fromMs, 0),
  toMs: ranges.reduce((sum, { toMs }) => sum + toMs, 0),
});

/** `tickTime` of the ZooKeepers of a lab, which is their own default. */
const tickMs = 2000;

const upTo = (toMs: number): Range => ({ fromMs: 0, toMs });

/** What no setting says: how long a program takes to do what it does at once. */
const atOnce = ({ inOneProcess }: DrillFacts): Range => upTo(inOneProcess ? 500 : 2000);

/** Some word, a source, and the time it takes. */
export interface Cause extends Range {
  readonly formula: string;
  readonly source: string;
}

/** Something that no time-out delays. */
export const promptly = (facts: DrillFacts, formula: string, source: string): Cause => ({
  ...atOnce(facts),
  formula: `${formula}: at once (${seconds(atOnce(facts).toMs)} allowed for)`,
  source,
});

/**
 * A master gives an agent up that does not answer so many pings in a row (SlaveObserver of src/master/master.cpp). The
 * last answered ping was up to one interval before the strike, and the count starts at the one after it.
 */
export function agentLost({ settings }: DrillFacts): Cause {
  const { pingTimeoutMs, maxPingTimeouts } = settings;
  const fromMs = pingTimeoutMs * maxPingTimeouts;
  const formula = `agent_ping_timeout ${seconds(pingTimeoutMs)} x max_agent_ping_timeouts ${maxPingTimeouts} = ${seconds(fromMs)}, and up to one ping more`;
  return { fromMs, toMs: fromMs + pingTimeoutMs, formula, source: sources.masterFlags };
}

/**
 * A server of ZooKeeper ends the session of a process that says nothing any more: a client is heard of every third of
 * the time-out, and sessions are looked at once a tick (2 s).
 */
export function sessionOver({ inOneProcess }: DrillFacts, sessionMs: number, flag: string): Cause {
  if (inOneProcess) {
    return {
      ...upTo(500),
      formula: 'in one process, without ZooKeeper: no session to wait for (0.5 s allowed for)',
      source: sources.ha,
    };
  }
  const formula = `${flag} ${seconds(sessionMs)}: from two thirds of it, to two ticks of ZooKeeper (${seconds(2 * tickMs)}) more`;
  return { fromMs: (sessionMs * 2) / 3, toMs: sessionMs + 2 * tickMs, formula, source: sources.zookeeper };
}

/** A new leading master has its registry, and who talks to masters has found it. */
export const masterElected = (facts: DrillFacts): Cause => {
  const session = sessionOver(facts, facts.settings.masterSessionMs, 'zk_session_timeout');
  const recovery = atOnce(facts);
  return {
    ...plus(session, recovery),
    formula: `${session.formula}; then the registry is read (${seconds(recovery.toMs)} allowed for)`,
    source: sources.ha,
  };
};

/** Drivers and agents come back with a pause by chance: `registration_backoff_factor` 2 s of frameworks, 1 s of agents. */
export function registered(facts: DrillFacts, before: Cause, who: string): Cause {
  const pause = upTo(facts.inOneProcess ? 1500 : 6000);
  const formula = `as the leader, then ${who} again, after a pause by chance (${seconds(pause.toMs)} allowed for)`;
  return { ...plus(before, pause), formula, source: sources.ha };
}

/** How long Mesos takes to offer what is free, and Marathon to take it. */
function offered({ inOneProcess, settings }: DrillFacts): Cause {
  const reviveMs = inOneProcess ? 250 : 5000;
  const formula = `allocation_interval ${seconds(settings.allocationMs)}, and min_revive_offers_interval (${seconds(reviveMs)})`;
  return { ...upTo(settings.allocationMs + reviveMs), formula, source: sources.masterFlags };
}

/** A ZooKeeper has initLimit ticks to follow a leader, of which a lab's have at most ten. */
export const zookeeperStarts: Cause = {
  ...upTo(30_000),
  formula: 'it starts (10 s allowed for: a Java program), and follows the others within initLimit, up to 20 s',
  source: sources.zookeeper,
};

/** A follower whose leader dies hears of it at once, and a leader counts its followers once a tick (Leader.lead). */
export const zookeepersGone = (facts: DrillFacts): Cause => {
  const { toMs } = atOnce(facts);
  return {
    ...upTo(tickMs + toMs),
    formula: `the rest has no majority, which a leader looks at every tick of ${seconds(tickMs)} (${seconds(toMs)} more allowed for)`,
    source: sources.zookeeper,
  };
};

/** A program in a process or a container of its own is there again. */
export const partStarts = ({ inOneProcess }: DrillFacts, ofJava = false): Cause => {
  const toMs = inOneProcess ? 1000 : ofJava ? 60_000 : 5000;
  return {
    ...upTo(toMs),
    formula: `it starts (${seconds(toMs)}${toMs > 5000 ? ', a Java program,' : ''} allowed for)`,
    source: sources.ha,
  };
};

/** One thing, and then another. */
export const andThen = (first: Cause, second: Cause): Cause => ({
  ...plus(first, second),
  formula: `${first.formula}; then ${second.formula}`,
  source: second.source,
});

/** How long a command may take to end when it is asked to, before it is ended (KillPolicy). */
const graceMs = 3000;

/** A task is asked to end (SIGTERM), and ended when it does not. */
export const taskEnds = (facts: DrillFacts): Cause => ({
  ...upTo(graceMs + atOnce(facts).toMs),
  formula: `it is asked to end, and ended after ${seconds(graceMs)} (${seconds(atOnce(facts).toMs)} more allowed for)`,
  source: sources.killing,
});

/** A command is offered a place, and starts. */
export const commandRuns = (facts: DrillFacts): Cause => {
  const offer = offered(facts);
  const range = plus(offer, started(facts));
  return {
    ...range,
    formula: `${offer.formula}, and its start (${seconds(started(facts).toMs)} allowed for)`,
    source: offer.source,
  };
};

/** Marathon has a task killed, and replaced, that fails so many health checks in a row. */
export function unhealthy(): Cause {
  const { intervalSeconds, timeoutSeconds, maxConsecutiveFailures: failures } = healthCheck;
  const formula = `maxConsecutiveFailures ${failures} x intervalSeconds ${intervalSeconds}, each check within timeoutSeconds ${timeoutSeconds}`;
  return {
    fromMs: 1000 * intervalSeconds * (failures - 1),
    toMs: 1000 * (intervalSeconds + timeoutSeconds) * failures,
    formula,
    source: sources.health,
  };
}

const started = ({ inOneProcess }: DrillFacts): Range => upTo(inOneProcess ? 500 : 5000);
const balanced = ({ inOneProcess }: DrillFacts): Range => upTo(inOneProcess ? 500 : 5000);

/**
 * A task that was lost is replaced: what happens to its replacement, from the moment that Marathon wants one.
 * @param before why it wants one, where no prediction before says so
 */
export function replacement(facts: DrillFacts, wanted: Cause, before?: string): readonly Prediction[] {
  const offer = offered(facts);
  const launched = plus(wanted, offer);
  const running = plus(launched, started(facts));
  const checkMs = healthCheck.intervalSeconds * 1000 + healthCheck.timeoutSeconds * 1000;
  const healthy = plus(running, upTo(checkMs));
  const inBalancer = plus(healthy, balanced(facts));
  const allowed = (range: Range) => `${seconds(range.toMs)} allowed for`;
  return [
    {
      milestone: 'launched',
      title: 'a replacement is launched',
      ...launched,
      formula: before === undefined ? `then ${offer.formula}` : `${before}; then ${offer.formula}`,
      source: offer.source,
    },
    {
      milestone: 'running',
      title: 'the replacement runs',
      ...running,
      formula: `then its container starts (${allowed(started(facts))})`,
      source: sources.health,
    },
    {
      milestone: 'healthy',
      title: 'the replacement is healthy',
      ...healthy,
      formula: `then a health check: every ${seconds(healthCheck.intervalSeconds * 1000)}, timeout ${seconds(healthCheck.timeoutSeconds * 1000)}`,
      source: sources.health,
    },
    {
      milestone: 'in-balancer',
      title: 'the load balancer sends it requests',
      ...inBalancer,
      formula: `then the load balancer hears of it (${allowed(balanced(facts))})`,
      source: sources.balancer,
    },
  ];
}

/** One prediction of a cause. */
export const predict = (
  milestone: string,
  title: string,
  { fromMs, toMs, formula, source }: Cause,
  after?: string,
): Prediction => ({
  ...{ milestone, title, fromMs, toMs, formula, source },
  ...(after === undefined ? {} : { after }),
});
