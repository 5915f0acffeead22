import { targetFromAdopted } from '../../checks/adopted-target.ts';
import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import { followTexts } from '../../platform/follow-text.ts';
import { glogTimeOf } from '../../protocol/log-time.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { ClusterRuntime, FoundLab, RefusableVerb } from '../cluster-runtime.ts';
import { logsOf, type AskingWorld } from './adopted-logs.ts';

/** The slice of the world that clusters of others need. */
export interface AdoptedWorld extends AskingWorld {
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** What the spec of a lab says. */
  readonly planOf: (directory: string) => Promise<Plan>;
}

/**
 * Clusters that somebody else runs, and that a spec describes: they are looked at and used over HTTP, and whatever would
 * start, stop or change them is refused.
 */
export function adoptedRuntime(world: AdoptedWorld): ClusterRuntime {
  const { clock, wallClock, planOf } = world;
  const refuse = (verb: RefusableVerb) => Promise.reject(new UserError(notOurs(verb)));
  return {
    name: 'adopted',
    times: { readyMs: 0, appsMs: 300_000, intervalMs: 100 },
    refusal: (_, verb) => Promise.resolve(notOurs(verb)),
    find: async ({ directory }) => find(await planIfAny(planOf, directory), world),
    prepare: () => refuse('up'),
    start: () => refuse('up'),
    remove: () => refuse('down'),
    control: (_, action) => refuse(action),
    logs: async ({ directory }, request, onLine) => {
      const { ids, signal } = request;
      const texts = logsOf(await planOf(directory), ids, world, signal);
      if (ids.some((id) => !texts.some((text) => text.id === id))) return false;
      await followTexts(texts, { ...request, clock }, (id, line) => {
        onLine(id, line, glogTimeOf(line, wallClock()));
      });
      return true;
    },
    exec: () => refuse('exec'),
  };
}

/** Undefined when the spec has mistakes: then nothing says that the lab is one of these. */
async function planIfAny(planOf: AdoptedWorld['planOf'], directory: string): Promise<Plan | undefined> {
  try {
    return await planOf(directory);
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}

/** Its masters and agents are taken to run: how they are they say themselves. */
function find(plan: Plan | undefined, world: AskingWorld): FoundLab {
  const target = plan && targetFromAdopted(plan);
  if (plan === undefined || target === undefined) return { kind: 'nothing' };
  const parts = plan.nodes
    .flatMap(({ components }) => components)
    .filter(({ role }) => role === 'mesos-master' || role === 'mesos-agent')
    .map(({ id, node, role }) => ({ id, node, role, state: 'running', detail: 'somebody else runs it' }));
  return {
    kind: 'running',
    lab: {
      runtime: 'adopted',
      plan,
      target,
      parts,
      settings: [],
      differences: () => Promise.resolve([]),
      // Nothing of it was started here.
      watch: () => new Promise(() => undefined),
      readable: async (ids, signal) => {
        const asked = logsOf(plan, ids, world, signal);
        const there = await Promise.all(asked.map((log) => log.exists()));
        return asked.filter((_, index) => there[index]).map(({ id }) => id);
      },
    },
  };
}

const notOurs = (verb: RefusableVerb): Problem => ({
  code: 'ADOPTED',
  message: `${verb} is for clusters that are started from here: this one was adopted, and somebody else runs it`,
  found: 'adopted, in mesos-cluster.yaml',
  allowed: 'status, verify, logs, deploy, scale, plan, explain, generate',
  fix: 'Ask whoever runs it. A cluster of your own: create-mesos-cluster my-lab',
});
