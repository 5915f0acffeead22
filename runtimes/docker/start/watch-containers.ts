import { numberAt, parseJson, textAt } from '../../../protocol/json.ts';
import { UserError } from '../../../errors/user-error.ts';
import { lastLines, type DockerEngine } from '../docker-engine.ts';
import { optionalRole } from '../lab/lab-containers.ts';
import { likelyCause, type Cause } from '../../../checks/likely-cause.ts';
import { composeLabels, labLabel, roleLabel } from '../../../protocol/lab-labels.ts';

/** The end of a container, as `docker events` tells it. */
interface Death {
  readonly id: string;
  readonly service: string;
  readonly exitCode: number;
}

/**
 * How often one container may end while a lab starts. Components wait for each other by ending and being started again
 * (a Mesos master aborts when ZooKeeper does not answer yet), so an end or two mean nothing; a third one is a loop.
 * What will be the same at the next attempt is not tried again: known words, no memory, a program that is not there.
 */
const mostDeaths = 3;

/** Exit codes of the Engine itself: it could not start the program (docker run, "Exit status"). */
const notStarted: ReadonlySet<number> = new Set([125, 126, 127]);

/** By SIGKILL, which nobody had asked the Engine for: the kernel does that where memory is short. */
const killed = 137;

const logLines = 12;

/**
 * Signals that end a container on purpose: those of Compose, the Engine and people, and SIGUSR1, on which an agent of
 * Mesos unregisters. By their numbers, as events tell them; an Engine that does not tell means one of them.
 */
const ending: ReadonlySet<string> = new Set(['', '2', '3', '9', '10', '15']);

/** What has not ended so long after such a signal has not heeded it: docker stop gives 10 s, and an agent its tasks 5. */
const endingSeconds = 15;

/**
 * Watches the containers of a lab.
 * @param since milliseconds since 1970: what ended after that counts, though `docker events` begins to listen later.
 * By this machine's clock: an Engine whose own is behind or ahead still tells of everything from the moment it listens
 * @returns resolves to what is wrong when one ended for good; never otherwise, and not after the signal
 */
export function watchContainers(
  engine: DockerEngine,
  lab: string,
  signal: AbortSignal,
  since = Date.now(),
): Promise<UserError> {
  return new Promise((resolve) => {
    const deaths = new Map<string, number>();
    // Compose and people end containers on purpose: when they asked for it.
    const asked = new Map<string, number>();
    const wasAsked = (id: string, second: number) => {
      const at = asked.get(id);
      asked.delete(id);
      return at !== undefined && second - at <= endingSeconds;
    };
    const examine = async (death: Death) => {
      const count = (deaths.get(death.id) ?? 0) + 1;
      deaths.set(death.id, count);
      const error = await failureOf(engine, death, count, signal);
      if (error !== undefined && !signal.aborted) resolve(error);
    };
    // Each health check ends with exec_die, which says nothing here. But when we are killed, `docker events` goes on until
    // it writes its next line, to nobody: so that comes within seconds.
    const events = ['event=die', 'event=kill', 'event=exec_die'];
    const filters = ['type=container', ...events, `label=${labLabel}=${lab}`];
    const words = [
      'events',
      '--since',
      (since / 1000).toFixed(3),
      ...filters.flatMap((filter) => ['--filter', filter]),
      '--format',
      '{{json .}}',
    ];
    const watching = engine.run(words, {
      signal,
      onLine: (line) => {
        const event = parseJson(line);
        const id = textAt(event, 'Actor', 'ID') ?? textAt(event, 'id') ?? '';
        const attribute = (name: string) => textAt(event, 'Actor', 'Attributes', name) ?? '';
        if (attribute(roleLabel) === optionalRole) return;
        const action = textAt(event, 'Action');
        const second = numberAt(event, 'time') ?? 0;
        if (action === 'kill' && ending.has(attribute('signal'))) asked.set(id, second);
        else if (action === 'die' && id !== '' && !wasAsked(id, second)) {
          const service = attribute(composeLabels.service);
          void examine({ id, service, exitCode: Number(attribute('exitCode')) }).catch(() => undefined);
        }
      },
    });
    void watching.then((result) => {
      if (signal.aborted || result.kind === 'missing') return;
      resolve(
        new UserError({
          code: 'MACHINE_DOCKER_DOWN',
          message: 'the Docker Engine does not answer any more: it was stopped, or it broke',
          fix: 'start it; then up again. Containers that were started come back with it, and down removes them',
        }),
      );
    });
  });
}

/** The watch of a start, for whoever goes on with the lab: as RunningLab.watch it ends with a signal. */
export const handedOver =
  (broken: Promise<UserError>, watching: AbortController) =>
  (signal: AbortSignal): Promise<UserError> => {
    const end = () => {
      watching.abort();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    return broken;
  };

/** What is wrong with a container that ended; undefined while it may still come right. */
async function failureOf(
  engine: DockerEngine,
  { id, service, exitCode }: Death,
  count: number,
  signal: AbortSignal,
): Promise<UserError | undefined> {
  const [state, log] = await Promise.all([stateOf(engine, id, signal), tailOf(engine, id, signal)]);
  const known = state.oomKilled ? outOfMemory(service) : likelyCause(`${state.error}\n${log}`);
  if (known === undefined && count < mostDeaths && !notStarted.has(exitCode)) return undefined;
  const cause = known ?? (exitCode === killed ? killedAgain(service) : undefined);
  return containerFailure(service, `ended with exit code ${exitCode}${times(count)}`, {
    cause,
    log,
    error: state.error,
  });
}

const times = (count: number) => (count > 1 ? `, ${count} times` : '');

const outOfMemory = (service: string): Cause => ({
  cause: 'it needed more memory than its limit (OOMKilled)',
  fix: `give Docker more memory; or raise mem_limit of ${service} in docker-compose.yml (up then runs that file as it stands)`,
});

/** Not every Engine says so: it forgets with the next start, and one inside a container may not be told. */
const killedAgain = (service: string): Cause => ({
  ...outOfMemory(service),
  cause: 'it was killed, most likely because it needed more memory than its limit',
});

/** The error for a container that does not run. */
export function containerFailure(
  service: string,
  what: string,
  { cause, log, error = '' }: { readonly cause: Cause | undefined; readonly log: string; readonly error?: string },
): UserError {
  const found = lastLines(`${error}\n${log}`, logLines);
  return new UserError({
    code: 'CONTAINER_FAILED',
    message: `${service} ${what}${cause === undefined ? '' : `: ${cause.cause}`}`,
    ...(found === '' ? {} : { found }),
    fix: cause?.fix ?? `up --retain leaves it, to look at it: create-mesos-cluster logs ${service}`,
  });
}

/** What the Engine knows of a container's end. */
async function stateOf(engine: DockerEngine, id: string, signal: AbortSignal) {
  const words = ['inspect', '--format', '{{.State.OOMKilled}}\t{{.State.Error}}', id];
  const result = await engine.run(words, { signal, timeoutMs: 10_000 });
  const [oomKilled = '', error = ''] = result.kind === 'ended' ? result.stdout.trim().split('\t') : [];
  return { oomKilled: oomKilled === 'true', error };
}

/** The last lines of a container, of both its streams. */
export async function tailOf(engine: DockerEngine, id: string, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  await engine.run(['logs', '--tail', String(logLines), id], {
    signal,
    timeoutMs: 10_000,
    onLine: (line) => lines.push(line),
  });
  return lines.join('\n');
}
