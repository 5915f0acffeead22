import type { TaskInfo } from '../../../protocol/mesos.ts';

/** How variables get into a container without standing in the process list. */
export interface PassedEnvironment {
  /** For `--env-file`: `NAME=value` in each line. */
  readonly fileText: string;
  /** `-e NAME`, whose value the CLI takes from its own environment; `-e NAME=value` where neither way is safe. */
  readonly words: readonly string[];
  /** For the environment of the CLI. */
  readonly inherited: Readonly<Record<string, string>>;
}

/**
 * The variables of a container, by name (Docker::RunOptions::create in Mesos's src/docker/docker.cpp); MESOS_TASK_ID is
 * our addition for frameworks that do not set it.
 */
export function containerEnvironment(
  task: TaskInfo,
  containerName: string,
  sandboxDirectory: string,
): ReadonlyMap<string, string> {
  const role = task.resources[0]?.allocation_info?.role;
  const own = (task.command?.environment?.variables ?? []).map(({ name, value }) => [name, value ?? ''] as const);
  const all = new Map([
    ['MESOS_TASK_ID', task.task_id.value],
    ...own,
    ['MESOS_SANDBOX', sandboxDirectory],
    ['MESOS_CONTAINER_NAME', containerName],
    ...(role === undefined ? [] : [['MESOS_ALLOCATION_ROLE', role] as const]),
  ]);
  return new Map([...all].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Docker reads an environment file in lines of at most 64 KiB (bufio.Scanner). */
const maxLineBytes = 60_000;

const fitsFile = (name: string, value: string) =>
  /^[^\s#=][^\s=]*$/.test(name) &&
  !/[\r\n]/.test(value) &&
  // A lone surrogate would not be UTF-8, which Docker asks for.
  !/\p{Surrogate}/u.test(value) &&
  Buffer.byteLength(name) + Buffer.byteLength(value) < maxLineBytes;

/** Names that mean something to the CLI, or to the loader that starts it. */
const meansSomethingToCli = (name: string) =>
  /^(?:DOCKER_|LD_|GO|OTEL_|XDG_|SSL_|HOME$|PATH$|TMPDIR$|USER$)|_proxy$/i.test(name);

export function passEnvironment(variables: ReadonlyMap<string, string>): PassedEnvironment {
  const lines: string[] = [];
  const words: string[] = [];
  const inherited: Record<string, string> = {};
  for (const [name, value] of variables) {
    if (fitsFile(name, value)) lines.push(`${name}=${value}\n`);
    else if (name === '' || name.includes('=') || meansSomethingToCli(name)) words.push('-e', `${name}=${value}`);
    else {
      words.push('-e', name);
      inherited[name] = value;
    }
  }
  return { fileText: lines.join(''), words, inherited };
}
