import { listAt, parseJson, textAt } from '../../../protocol/json.ts';
import { UserError } from '../../../errors/user-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { ComposeProject } from '../compose/compose-project.ts';
import { lastLines } from '../docker-engine.ts';
import { labContainers, ofLab, type LabContainer } from '../lab/lab-containers.ts';

/** Between two looks; the quickest health check of ours asks every five seconds. */
const intervalMs = 2000;

/**
 * Looks at the health checks of what Compose waits for: one whose program is not in the image will never say yes, and
 * Compose would wait until all tries are used up. No event of the Engine tells of it: where there is no program, none ends.
 * @param waiting services that Compose waits for now
 * @returns resolves to what is wrong with one of them; never otherwise
 */
export function watchProbes(
  project: ComposeProject,
  waiting: ReadonlySet<string>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<UserError> {
  return new Promise((resolve) => {
    const watch = async () => {
      for (;;) {
        await clock.sleep(intervalMs, signal);
        const error = waiting.size === 0 ? undefined : await brokenProbe(project, waiting, signal);
        if (error !== undefined) resolve(error);
      }
    };
    // It ends with the signal. An Engine that does not answer any more is others' to tell.
    void watch().catch(() => undefined);
  });
}

async function brokenProbe(
  { engine, name }: ComposeProject,
  waiting: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<UserError | undefined> {
  const containers = (await labContainers(engine, ofLab(name), { signal })).filter(({ id }) => waiting.has(id));
  if (containers.length === 0) return undefined;
  const ids = containers.map(({ containerId }) => containerId);
  const text = await engine.ask(['inspect', '--format', '{{json .State.Health}}', ...ids], { signal });
  const lines = text.split('\n');
  return containers
    .map((container, index) => probeFailure(container, parseJson(lines[index] ?? '')))
    .find((error) => error !== undefined);
}

/** In the words of runc, of crun, and of shells: bash, dash, BusyBox. */
const missingWords: readonly RegExp[] = [
  /exec: "([^"]+)": (?:executable file not found|stat .*no such file)/,
  /executable file [`'"]([^`'"]+)[`'"] not found/,
  /(?:^|\s)([\w./-]+): (?:command )?not found$/m,
];

/** The program that a health check lacks, by what its last try said. @param health `.State.Health` of a container */
function probeFailure({ id, role, image }: LabContainer, health: unknown): UserError | undefined {
  const output = textAt(listAt(health, 'Log').at(-1), 'Output') ?? '';
  const program = missingWords.map((words) => words.exec(output)?.[1]).find((word) => word !== undefined);
  if (program === undefined) return undefined;
  return new UserError({
    code: 'CONTAINER_FAILED',
    message: `${id} cannot be asked for its health: the image ${image} does not have the program ${program}`,
    found: lastLines(output, 3),
    fix: probeFix(role, program),
  });
}

function probeFix(role: string, missing: string): string {
  if (role === 'docker-engine') {
    return 'take an image with the Docker CLI in it: images.overrides.docker-engine.image in mesos-cluster.yaml';
  }
  const programs = role === 'zookeeper' ? ['bash', 'nc'] : ['bash', 'curl', 'wget', 'nc'];
  const others = programs.filter((program) => program !== missing).join(', ');
  return `images.overrides.${role}.probe in mesos-cluster.yaml: the one of ${others} that the image has; or none, which asks nothing in the container. Then create-mesos-cluster generate, and up`;
}
