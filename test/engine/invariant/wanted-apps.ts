import type { Random } from './random.ts';

/** What is known of an app by what was answered: undefined when it is to be none. */
export type Wanted = { readonly instances: number; readonly tag: string } | undefined;

/** Asks a Marathon, and has the status of its answer, if there was one. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<number | undefined>;

const names = ['a', 'b', 'c', 'web'];

const taskLike = {
  ...{ cpus: 0.1, mem: 16, disk: 0, backoffSeconds: 0, backoffFactor: 1, maxLaunchDelaySeconds: 1 },
  container: { type: 'DOCKER', docker: { image: 'nothing' } },
  networks: [{ mode: 'host' }],
};

export const definitionOf = (name: string, instances: number, tag: string, more: object = {}) => ({
  ...taskLike,
  ...{ id: `/${name}`, instances, env: { TAG: tag } },
  portDefinitions: name === 'web' ? [{ port: 0, protocol: 'tcp' }] : [],
  ...more,
});

/** Asks for changes of a few apps, one at a time of each, and keeps what they may be by now. */
export class WantedApps {
  readonly #random: Random;
  readonly #marathons: readonly Ask[];
  readonly #busy = new Set<string>();
  readonly #answered = new Map<string, Wanted>();
  /** What nobody answered to may have been heard, and may be carried out late. */
  readonly #unanswered = new Map<string, Wanted[]>();
  #tags = 0;

  constructor(random: Random, marathons: readonly Ask[]) {
    this.#random = random;
    this.#marathons = marathons;
  }

  get names(): readonly string[] {
    return names;
  }

  /** What an app may be: by the last answer, or by what was not answered. */
  possible(name: string): readonly Wanted[] {
    return [this.#answered.get(name), ...(this.#unanswered.get(name) ?? [])];
  }

  /** The next change; its promise resolves with what became of it. */
  change(): { readonly text: string; readonly done: Promise<string> } {
    const random = this.#random;
    const name = random.oneOf(names);
    const instances = random.below(5);
    const kind = random.oneOf(['create', 'update', 'update', 'scale', 'scale', 'delete', 'restart', 'kill'] as const);
    const force = random.chance(0.7) ? '?force=true' : '';
    const ask = random.oneOf(this.#marathons);
    // All was drawn by now: the plan must not depend on what is answered when.
    const before = this.#answered.get(name);
    const text = `${kind} /${name} ${instances}${force}`;
    if (this.#busy.has(name)) return { text: `${text} (not now)`, done: Promise.resolve('') };
    const path = `/v2/apps/${name}`;
    const put = (wanted: NonNullable<Wanted>) =>
      this.#send(name, ask, 'PUT', `${path}${force}`, wanted, definitionOf(name, wanted.instances, wanted.tag));
    const act = () => {
      if (kind === 'delete') return this.#send(name, ask, 'DELETE', `${path}${force}`, undefined);
      if (kind === 'restart') return this.#send(name, ask, 'POST', `${path}/restart${force}`, before, {});
      if (kind === 'kill') return this.#send(name, ask, 'DELETE', `${path}/tasks`, before);
      // As with a real Marathon, a forced scaling during an upgrade leaves instances of the version before.
      const isKept = kind === 'scale' && before !== undefined && force === '';
      return put({ instances, tag: isKept ? before.tag : `t${String((this.#tags += 1))}` });
    };
    return { text, done: act() };
  }

  async #send(name: string, ask: Ask, method: string, path: string, wanted: Wanted, body?: unknown): Promise<string> {
    this.#busy.add(name);
    const status = await ask(method, path, body);
    this.#busy.delete(name);
    const isChange = method === 'PUT' || (method === 'DELETE' && !path.endsWith('/tasks'));
    if (isChange && (status === undefined || status >= 500)) {
      this.#unanswered.set(name, [...(this.#unanswered.get(name) ?? []), wanted]);
    } else if (isChange && status !== undefined && (status < 300 || (status === 404 && method === 'DELETE'))) {
      this.#answered.set(name, wanted);
    }
    return `${method} ${path} ${JSON.stringify(wanted ?? null)}: ${status ?? 'no answer'}`;
  }
}
