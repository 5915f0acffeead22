import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';
import { fakeCompose } from './fake-compose.ts';
import { asPrograms, engines } from './preflight/docker-answers.ts';

/** A container of the fake Engine: the columns of `docker ps` that the runtime reads. */
export interface FakeContainer {
  readonly id: string;
  readonly service: string;
  readonly lab: string;
  readonly directory: string;
  readonly composeFile: string;
  readonly state?: string;
  /** As Compose shows it. */
  readonly health?: string;
  readonly node?: string;
  readonly role?: string;
  readonly image?: string;
  /** As `docker ps` shows them: `127.0.0.1:5050->5050/tcp`. */
  readonly ports?: string;
}

/** How a command of the fake ends. */
export const ended = (exitCode: number, stdout = '', stderr = ''): CommandResult => ({
  kind: 'ended',
  exitCode,
  stdout,
  stderr,
});

type Answer = CommandResult | readonly string[];

/** A command that goes on until it is told to end. */
export const untilAborted = (signal: AbortSignal): Promise<CommandResult> =>
  new Promise((resolve) => {
    const stop = () => {
      resolve({ kind: 'stopped' });
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });

/**
 * A fake Docker Engine with `docker compose`: keeps containers, networks and volumes, and does not run anything. What
 * `compose up` does is up to the test.
 */
export class FakeDocker {
  /** Every command, its words joined. */
  readonly asked: string[] = [];
  readonly containers: FakeContainer[] = [];
  readonly networks: string[] = [];
  readonly volumes: string[] = [];
  readonly images = new Set<string>();
  /** Answers of the test's own, by a part of the command; the first that fits counts. Lists are lines. */
  readonly answers: (readonly [
    part: string,
    answer: Answer | ((signal: AbortSignal, env: unknown, onLine?: (line: string) => void) => Answer | Promise<Answer>),
  ])[] = [];
  /** Tells of an event, while somebody listens. */
  emit: (event: Readonly<Record<string, unknown>>) => void = () => undefined;
  readonly #facts: ReturnType<typeof asPrograms>;

  constructor(kind: keyof typeof engines = 'Engine 26.1 on Debian 12') {
    this.#facts = asPrograms(engines[kind]);
  }

  /** The docker-compose package, which runs this fake. */
  readonly loadCompose = fakeCompose((...call) => this.runCommand(...call));

  readonly runCommand: RunCommand = async (program, words, { signal, onLine, env }) => {
    const command = [program, ...words].join(' ');
    this.asked.push(command);
    const own = this.answers.find(([part]) => command.includes(part))?.[1];
    const given = typeof own === 'function' ? await own(signal, env, onLine) : own;
    const answer = given ?? (await this.#answer(command, words, signal, onLine));
    if (!('kind' in answer)) {
      for (const line of answer) onLine?.(line);
      return ended(0, onLine === undefined ? answer.join('\n') : '');
    }
    if (answer.kind === 'ended' && onLine !== undefined) {
      for (const line of `${answer.stdout}${answer.stderr}`.split('\n')) onLine(line);
    }
    return answer;
  };

  async #answer(
    command: string,
    words: readonly string[],
    signal: AbortSignal,
    onLine: ((line: string) => void) | undefined,
  ): Promise<Answer> {
    const fact = (this.#facts as Readonly<Record<string, CommandResult>>)[command];
    if (fact !== undefined) return fact;
    switch (words[0]) {
      case 'ps':
        return this.#ps(words);
      case 'compose':
        return words.includes('ps') ? this.#composePs(words) : ended(0);
      case 'rm':
        return this.#remove(this.containers, words, ({ id }) => id);
      case 'network':
      case 'volume': {
        const list = words[0] === 'network' ? this.networks : this.volumes;
        return words[1] === 'ls' ? list : this.#remove(list, words, (id) => id);
      }
      case 'image':
        return this.images.has(words.at(-1) ?? '') ? ended(0, 'linux/amd64\t') : ended(1, '', 'No such image');
      case 'pull':
        this.images.add(words.at(-1) ?? '');
        return ended(0);
      case 'events':
        this.emit = (event) => onLine?.(JSON.stringify(event));
        return untilAborted(signal);
      default:
        return ended(0);
    }
  }

  #ps(words: readonly string[]): Answer {
    const filters = words.flatMap((word, index) => (words[index - 1] === '--filter' ? [word] : []));
    const matches = (container: FakeContainer) =>
      filters.every((filter) => {
        if (filter === 'label=create-mesos-cluster.lab') return true;
        if (filter.startsWith('publish=')) return false;
        const value = filter.slice(filter.lastIndexOf('=') + 1);
        return value === (filter.includes('working_dir') ? container.directory : container.lab);
      });
    const found = this.containers.filter(matches);
    if (words.includes('--quiet')) return found.map(({ id }) => id);
    if (words.includes('{{.Ports}}')) return found.map(({ ports = '' }) => ports);
    return found.map((container) => {
      const { id, service, lab, directory, composeFile } = container;
      const { state = 'running', node = service, role = 'role', image = 'image' } = container;
      return [id, `${lab}-${service}-1`, state, 'Up', image, lab, node, role, service, directory, composeFile].join(
        '\t',
      );
    });
  }

  #composePs(words: readonly string[]): Answer {
    const project = words[words.indexOf('--project-name') + 1];
    return this.containers
      .filter(({ lab }) => lab === project)
      .map(({ id, service, lab, state = 'running', health = state === 'running' ? 'healthy' : '' }) =>
        JSON.stringify({ ID: id, Name: `${lab}-${service}-1`, Service: service, State: state, Health: health }),
      );
  }

  #remove<Thing>(things: Thing[], words: readonly string[], idOf: (thing: Thing) => string): Answer {
    const gone = things.filter((thing) => words.includes(idOf(thing)));
    for (const thing of gone) things.splice(things.indexOf(thing), 1);
    return gone.map(idOf);
  }
}
