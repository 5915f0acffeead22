import { textAt } from '../../protocol/json.ts';
import { lookAtAgents } from '../look-at-masters.ts';
import { CheckFailure, expectSeen, foundBefore, NothingToCheck, type Check, type VerifyRun } from './check.ts';
import { askForPods, deployPod, lookAtPod, type PodState } from './verify-pod.ts';

/** Marathon has had pods since 1.4; asked for by HEAD, it tells whether they are enabled (its docs/docs/pods.md). */
async function expectPods(run: VerifyRun, signal: AbortSignal): Promise<void> {
  const { status } = await askForPods(run, 'HEAD', signal, { path: '/v2/pods' });
  if (status === 404 || status === 405) {
    throw new NothingToCheck(`this Marathon has no pods (HEAD /v2/pods answers ${status})`);
  }
  const containerizers = await containerizersOf(run, signal);
  if (containerizers === undefined || containerizers.split(',').includes('mesos')) return;
  throw new NothingToCheck(
    `the agents run no pods: these need Mesos's own containerizer (--containerizers=${containerizers})`,
  );
}

/** Of one agent: those of a cluster are alike. Undefined when it does not say. */
async function containerizersOf({ cluster, found }: VerifyRun, signal: AbortSignal): Promise<string | undefined> {
  const leader = foundBefore(found.leader, 'the leading master');
  const [agent] = (await lookAtAgents(cluster, leader, signal)).agents;
  if (agent === undefined) return undefined;
  const url = cluster.client.urlFor(`${agent.hostname}:${agent.port}`);
  try {
    return textAt((await cluster.client.ask(`${url}/flags`, signal)).json, 'flags', 'containerizers');
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function deploy(run: VerifyRun, signal: AbortSignal): Promise<string> {
  await expectPods(run, signal);
  const { seen, refused } = await expectSeen(run, (either) => deployPod(run, either), run.times.lookMs, signal);
  if (refused === true) throw new CheckFailure(seen);
  return seen;
}

async function checkRunning(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const look = async (either: AbortSignal): Promise<PodState & { readonly isHopeless?: true }> => {
    const state = await lookAtPod(run, either);
    const { ok, ended } = state;
    if (ok || ended === undefined || !withoutExecutor.test(ended.message)) return state;
    const seen = `the agents run no pods: Mesos's default executor is missing (${ended.message})`;
    return { ok: true, seen, isHopeless: true };
  };
  const { seen, isHopeless } = await expectSeen(run, look, run.times.startMs, signal);
  if (isHopeless === true) throw new NothingToCheck(seen);
  return seen;
}

/** Builds of Mesos without it: the shell that shall start it finds none. `sleep` is everywhere. */
const withoutExecutor = /mesos-default-executor\W.*(?:not found|no such file)|exited with status 127/i;

export const podDeployed: Check = {
  name: 'pod-deployed',
  title: 'a pod is deployed',
  needs: ['leading-master', 'marathon'],
  run: deploy,
};

export const podRunning: Check = {
  name: 'pod-running',
  title: 'both containers of the pod run',
  needs: ['pod-deployed'],
  run: checkRunning,
};
