import { simulatedAttribute } from '../../protocol/mesos-defaults.ts';
import { podPath } from '../../protocol/marathon/app-id.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import { verifyLabel } from '../app-definition.ts';
import { describeAnswer, type ClusterAnswer } from '../cluster-client.ts';
import type { Seen } from '../poll-until.ts';
import { foundBefore, type VerifyRun } from './check.ts';
import type { Removal } from './verify-apps.ts';

/** Of the pod that verify deploys. */
const podId = '/verify-pod';

/**
 * Needs no image, and beside what Marathon gives each pod's executor hardly anything of an agent: with two containers,
 * and a port that Marathon chooses.
 */
function definition({ runId, cluster }: VerifyRun) {
  const { name: fieldName, value } = simulatedAttribute;
  const isOff = (cluster.target.expected?.simulatedAgents ?? 0) > 0;
  const container = {
    exec: { command: { shell: 'sleep 86400' } },
    resources: { cpus: 0.05, mem: 16, disk: 0 },
  };
  return {
    id: podId,
    labels: { [verifyLabel]: runId },
    networks: [{ mode: 'host' }],
    scaling: { kind: 'fixed', instances: 1 },
    containers: [
      { name: 'first', ...container, endpoints: [{ name: 'web', hostPort: 0, protocol: ['tcp'] }] },
      { name: 'second', ...container },
    ],
    // What shall run cannot be on an agent where nothing does.
    ...(isOff ? { scheduling: { placement: { constraints: [{ fieldName, operator: 'UNLIKE', value }] } } } : {}),
  };
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';

/** Asks for something of the pod, by default for itself, or for all pods. */
export function askForPods(
  { cluster, found }: VerifyRun,
  method: Method,
  signal: AbortSignal,
  { path = podPath(podId), body }: { readonly path?: string; readonly body?: object } = {},
): Promise<ClusterAnswer> {
  const url = `${foundBefore(found.marathon, 'a Marathon')}${path}`;
  return cluster.client.ask(url, signal, body === undefined ? { method } : { method, body });
}

export interface PodDeployed extends Seen {
  readonly refused?: true;
}

/** One of an earlier verify is taken over; one of somebody else stays as it is. */
export async function deployPod(run: VerifyRun, signal: AbortSignal): Promise<PodDeployed> {
  const there = await askForPods(run, 'GET', signal);
  const mark = textAt(there.json, 'labels', verifyLabel);
  const isThere = there.status === 200;
  if (isThere && mark === undefined) {
    const seen = `a pod ${podId} that verify did not deploy was there already: it is looked at, not changed and not removed`;
    return { ok: true, seen };
  }
  if (mark === run.runId) return { ok: true, seen: `${podId} is deployed` };
  run.touchedPods.set(podId, new Set([run.runId, ...(mark === undefined ? [] : [mark])]));
  const body = definition(run);
  const answer = isThere
    ? await askForPods(run, 'PUT', signal, { path: `${podPath(podId)}?force=true`, body })
    : await askForPods(run, 'POST', signal, { path: '/v2/pods', body });
  if (answer.status >= 200 && answer.status < 300) {
    const note = isThere ? ' in place of the one that an earlier verify left' : '';
    return { ok: true, seen: `Marathon accepted ${podId}${note}` };
  }
  const seen = `Marathon answers ${describeAnswer(answer)} to ${podId}`;
  const isFinal = answer.status >= 400 && answer.status < 500 && answer.status !== 409;
  return isFinal ? { ok: true, seen, refused: true } : { ok: false, seen };
}

export interface PodState extends Seen {
  /** Of the last instance that ended. */
  readonly ended?: { readonly message: string; readonly state: string };
}

/** Whether an instance runs with all its containers, and each endpoint has its port. */
export async function lookAtPod(run: VerifyRun, signal: AbortSignal): Promise<PodState> {
  const answer = await askForPods(run, 'GET', signal, { path: `${podPath(podId)}::status` });
  if (answer.status !== 200) return { ok: false, seen: `${podId}::status answers ${describeAnswer(answer)}` };
  const { json } = answer;
  const wanted = listAt(json, 'spec', 'containers');
  const [instance] = listAt(json, 'instances');
  const host = textAt(instance, 'agentHostname') ?? '';
  const containers = listAt(instance, 'containers');
  const running = containers.filter((each) => textAt(each, 'status') === 'TASK_RUNNING');
  const ports = containers.flatMap((each) =>
    listAt(each, 'endpoints').flatMap((endpoint) => numberAt(endpoint, 'allocatedHostPort') ?? []),
  );
  const wantedPorts = wanted.flatMap((each) =>
    listAt(each, 'endpoints').filter((endpoint) => numberAt(endpoint, 'hostPort') !== undefined),
  );
  const words = [
    `${running.length} of ${wanted.length} containers of ${podId} run${host === '' ? '' : ` on ${host}`}`,
    ...(ports.length < wantedPorts.length
      ? [`${ports.length} of ${wantedPorts.length} endpoints have a port`]
      : ports.map((port) => `port ${port}`)),
  ];
  const isUp = textAt(instance, 'status') === 'STABLE' && running.length === wanted.length && wanted.length > 0;
  if (isUp && ports.length === wantedPorts.length) return { ok: true, seen: words.join(', ') };
  const status = textAt(instance, 'status') ?? textAt(json, 'status');
  const ended = endOf(json);
  if (status !== undefined) words.push(`it is ${status}`);
  if (ended !== undefined) words.push(`the last one ended with ${ended.state}: ${ended.message}`);
  return { ok: false, seen: words.join(', '), ...(ended === undefined ? {} : { ended }) };
}

function endOf(status: unknown): PodState['ended'] {
  const [termination] = listAt(status, 'terminationHistory');
  if (termination === undefined) return undefined;
  const [container] = listAt(termination, 'containers');
  return {
    message: textAt(termination, 'message') ?? '',
    state: textAt(container, 'lastKnownState') ?? 'a failure',
  };
}

/** Whether it has gone, with its containers; asks for that first. */
export async function removePod(run: VerifyRun, removal: Removal, signal: AbortSignal): Promise<Seen> {
  const { status, json } = await askForPods(run, 'GET', signal);
  const isThere = status === 200;
  if (isThere && !removal.isAsked) {
    const mark = textAt(json, 'labels', verifyLabel);
    if (mark === undefined || !removal.marks.has(mark)) return { ok: true, seen: `${podId} is somebody else's by now` };
    const answer = await askForPods(run, 'DELETE', signal, { path: `${podPath(podId)}?force=true` });
    if (answer.status >= 300 && answer.status !== 404) {
      return { ok: false, seen: `DELETE ${podPath(podId)} answers ${describeAnswer(answer)}` };
    }
    removal.isAsked = true;
    return { ok: false, seen: `${podId} is still being removed` };
  }
  // As with an app, its containers go with the deployment that stops them.
  const deployments = (await askForPods(run, 'GET', signal, { path: '/v2/deployments' })).json;
  const runs = listAt(deployments).some((deployment) => listAt(deployment, 'affectedPods').includes(podId));
  if (status === 404 && !runs) return { ok: true, seen: `${podId} is removed` };
  return { ok: false, seen: `${podId} is still being removed` };
}
