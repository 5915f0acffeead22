import { describeAnswer } from '../../checks/cluster-client.ts';
import type { Seen } from '../../checks/poll-until.ts';
import type { DrillName } from '../../planning/catalogue/drill-names.ts';
import type { Action } from '../../planning/lesson/lesson-shape.ts';
import { callMaster, leaderOf } from '../asking/ask-cluster.ts';
import { urlsOf } from '../asking/answerer-urls.ts';
import { findAgent, partsNamed } from '../asking/named-parts.ts';
import { fileOf, StepFailure, type LessonWorld, type OwnLab, type PartWord } from '../lesson-world.ts';
import { deploy, killTasks, remove, rollBack, scale } from './act-on-apps.ts';
import { bringIn, load } from './act-on-services.ts';

/**
 * Does one thing.
 * @returns whether it is done; where not, it may be tried again
 * @throws StepFailure for what was refused, or cannot be done here
 */
export function act(world: LessonWorld, action: Action, signal: AbortSignal): Promise<Seen> {
  switch (action.kind) {
    case 'deploy':
      return deploy(world, action.value, signal);
    case 'scale':
      return scale(world, action.value, signal);
    case 'remove':
      return remove(world, action.value, signal);
    case 'kill-task':
      return killTasks(world, action.value, signal);
    case 'rollback':
      return rollBack(world, action.value, signal);
    case 'new-version':
      return bringIn(world, action.value, signal);
    case 'load':
      return load(world, action.value, signal);
    case 'stop':
    case 'kill':
    case 'pause':
    case 'partition':
    case 'heal':
    case 'start':
      return control(world, action.kind, action.value, signal);
    case 'drain':
    case 'reactivate':
      return drainOrNot(world, action, signal);
    case 'drill':
      return drill(world, action.value, signal);
    case 'run':
      return run(world, action.value.file, signal);
    case 'call':
      return call(world, action.value, signal);
  }
}

/** @throws StepFailure where the cluster is somebody else's */
function own({ own: lab }: LessonWorld): OwnLab {
  if (lab === undefined) throw new StepFailure('This is not done to a cluster of other people');
  return lab;
}

async function control(
  world: LessonWorld,
  word: PartWord,
  names: string | readonly string[],
  signal: AbortSignal,
): Promise<Seen> {
  const lab = own(world);
  const isAll = word === 'start' && names === 'all';
  const parts = isAll ? [] : await partsNamed(world, names, signal);
  await lab.control(word, parts, signal);
  return { ok: true, seen: `${word} ${isAll ? 'all' : parts.join(', ')}` };
}

async function drainOrNot(
  world: LessonWorld,
  { kind, value }: Extract<Action, { readonly kind: 'drain' | 'reactivate' }>,
  signal: AbortSignal,
): Promise<Seen> {
  own(world);
  const agent = await findAgent(world, value, signal);
  if (agent === undefined) return { ok: false, seen: `the master does not know ${value}` };
  const agent_id = { value: agent.id };
  await callMaster(
    world,
    kind === 'drain'
      ? { type: 'DRAIN_AGENT', ...{ drain_agent: { agent_id } } }
      : { type: 'REACTIVATE_AGENT', ...{ reactivate_agent: { agent_id } } },
    signal,
  );
  return { ok: true, seen: `${kind} ${value}` };
}

async function drill(world: LessonWorld, name: DrillName, signal: AbortSignal): Promise<Seen> {
  await own(world).drill(name, signal);
  return { ok: true, seen: `the drill ${name} is done` };
}

async function run(world: LessonWorld, path: string, signal: AbortSignal): Promise<Seen> {
  const text = fileOf(world, path);
  const [master, marathon = ''] = [await leaderOf(world, 'mesos-master', signal), ...world.cluster.target.marathons];
  // CHRONOS, MESOS_DNS, REGISTRY
  const addons = world.plan.urls.addons.map(({ role, url }) => [role.toUpperCase().replaceAll('-', '_'), url] as const);
  const variables = { MESOS_MASTER: master, MARATHON: marathon, ...Object.fromEntries(addons) };
  const fault = await world.runProgram({ path, text }, variables, signal);
  if (fault !== undefined) throw new StepFailure(`${path}: ${fault}`);
  return { ok: true, seen: `${path} has ended` };
}

async function call(
  world: LessonWorld,
  value: Extract<Action, { readonly kind: 'call' }>['value'],
  signal: AbortSignal,
): Promise<Seen> {
  own(world);
  const { of, method, path, body } = value;
  const [url = ''] = await urlsOf(world, of, signal);
  const answer = await world.cluster.client.ask(`${url}${path}`, signal, {
    method,
    ...(body === undefined ? {} : { body }),
  });
  const seen = `${method} ${path} of ${of} answers ${describeAnswer(answer)}`;
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 409) throw new StepFailure(seen);
  return { ok: answer.status < 400, seen };
}
