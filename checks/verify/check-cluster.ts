import { CheckFailure, expectSeen, foundBefore, type Check, type VerifyRun } from './check.ts';
import type { Cluster } from '../cluster-target.ts';
import { lookAtAgents, lookAtLeadingMaster, lookAtMasterCount, lookAtZookeepers } from '../look-at-masters.ts';
import { lookAtLoadBalancer, lookAtMarathon } from '../look-at-marathon.ts';
import { lookAtTaskName } from '../look-at-mesos-dns.ts';
import { lookAtSandbox } from '../look-at-sandbox.ts';
import type { Seen } from '../poll-until.ts';
import { deploy, lookAtApp, type AppState } from './verify-apps.ts';

/** What `basic-0` prints. */
const greeting = 'Hello Marathon';

/** A check that looks at one thing until it is right. */
const looking =
  (look: (cluster: Cluster, signal: AbortSignal) => Promise<Seen>) => async (run: VerifyRun, signal: AbortSignal) =>
    (await expectSeen(run, (either) => look(run.cluster, either), run.times.lookMs, signal)).seen;

async function checkLeadingMaster(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = (either: AbortSignal) => lookAtLeadingMaster(run.cluster, either);
  const { seen, leader } = await expectSeen(run, look, run.times.lookMs, signal);
  if (leader !== undefined) run.found.leader = leader;
  return seen;
}

const leaderOf = (run: VerifyRun) => foundBefore(run.found.leader, 'the leading master');

async function checkAgents(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = (either: AbortSignal) => lookAtAgents(run.cluster, leaderOf(run), either);
  return (await expectSeen(run, look, run.times.lookMs, signal)).seen;
}

async function checkMarathon(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = (either: AbortSignal) => lookAtMarathon(run.cluster, leaderOf(run), either);
  const { seen, marathon } = await expectSeen(run, look, run.times.lookMs, signal);
  if (marathon !== undefined) run.found.marathon = marathon;
  return seen;
}

/** The cluster as it is, before anything is deployed. */
export const clusterChecks: readonly Check[] = [
  {
    name: 'zookeeper',
    title: 'every ZooKeeper serves, one leads',
    needs: [],
    unless: ({ cluster }) =>
      cluster.target.zookeepers.length === 0 ? 'this cluster has no ZooKeeper, or none was named' : undefined,
    run: looking(lookAtZookeepers),
  },
  { name: 'leading-master', title: 'exactly one master leads', needs: [], run: checkLeadingMaster },
  { name: 'masters', title: 'all masters answer', needs: [], run: looking(lookAtMasterCount) },
  { name: 'agents', title: 'every agent is active', needs: ['leading-master'], run: checkAgents },
  { name: 'marathon', title: 'Marathon leads its framework', needs: ['leading-master'], run: checkMarathon },
  {
    name: 'load-balancer',
    title: 'the load balancer serves',
    needs: [],
    unless: ({ cluster }) =>
      cluster.target.loadBalancer === undefined ? 'this cluster has none, or its URL was not given (--lb)' : undefined,
    run: looking(lookAtLoadBalancer),
  },
];

async function deployBasic(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const { app, evidence } = await deploy(run, run.apps.basic, signal);
  run.found.basic = app;
  return evidence;
}

const basicOf = (run: VerifyRun) => foundBefore(run.found.basic, 'basic-0');

async function checkRunning(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = (either: AbortSignal) => lookAtApp(run, basicOf(run), either);
  const { seen, hopeless } = await expectSeen(run, look, run.times.startMs, signal);
  if (hopeless === true) throw new CheckFailure(seen);
  return seen;
}

async function checkSandbox(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = async (either: AbortSignal): Promise<AppState> => {
    const app = await lookAtApp(run, basicOf(run), either);
    const task = app.seenApp?.tasks.find(({ state }) => state === 'TASK_RUNNING');
    // It ran a moment ago: what has become of it says more than that it does not run.
    if (task === undefined) return app;
    return lookAtSandbox(run.cluster, leaderOf(run), task, { wanted: greeting }, either);
  };
  const { seen, hopeless } = await expectSeen(run, look, run.times.lookMs, signal);
  if (hopeless === true) throw new CheckFailure(seen);
  return seen;
}

async function checkTaskName(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = async (either: AbortSignal): Promise<AppState> => {
    const app = await lookAtApp(run, basicOf(run), either);
    const task = app.seenApp?.tasks.find(({ state }) => state === 'TASK_RUNNING');
    return task === undefined ? app : lookAtTaskName(run.cluster, task, either);
  };
  const { seen, hopeless } = await expectSeen(run, look, run.times.lookMs, signal);
  if (hopeless === true) throw new CheckFailure(seen);
  return seen;
}

export const basicDeployed: Check = {
  name: 'basic-0-deployed',
  title: 'basic-0 is deployed',
  needs: ['marathon'],
  run: deployBasic,
};

/** In this order. */
export const basicChecks: readonly Check[] = [
  { name: 'basic-0-running', title: 'basic-0 runs', needs: ['basic-0-deployed'], run: checkRunning },
  {
    name: 'basic-0-sandbox',
    title: `the sandbox of basic-0 shows "${greeting}"`,
    needs: ['basic-0-running'],
    run: checkSandbox,
  },
  {
    name: 'mesos-dns',
    title: 'Mesos-DNS leads to basic-0',
    needs: ['basic-0-sandbox'],
    isAbout: ({ mesosDns }) => mesosDns !== undefined,
    run: checkTaskName,
  },
];
