import { isUserError, UserError } from '../../../errors/user-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { PlannedNode } from '../../../planning/plan/plan.ts';
import { composeUp, progressOf } from '../../docker/compose/compose-project.ts';
import { lastLines, type ComposeEngine } from '../../docker/docker-engine.ts';
import { startFailure } from '../../docker/start/start-failure.ts';
import { watchProbes } from '../../docker/start/watch-probes.ts';
import type { Reporter } from '../../reporter.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { HostsRecord } from '../hosts-record.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { projectOf, type KnownNode } from '../known-lab.ts';
import { atNode } from '../nodes/node-error.ts';
import { secretVariables } from '../nodes/secret-variables.ts';
import type { Wave } from './waves.ts';

export interface WaveWorld {
  readonly files: FileSystem;
  readonly directory: string;
  readonly nodes: readonly KnownNode[];
  readonly record: HostsRecord;
  /** Resolves when a container of any node ended for good. */
  readonly broken: Promise<UserError>;
  readonly timeoutMs: number;
  readonly tell: Reporter;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** `node1, node2`, or how many they are. */
export const nodeNames = (names: readonly string[]): string =>
  names.length > 6 ? `${names.length} nodes` : names.join(', ');

/**
 * Runs Compose on all nodes of a wave side by side, until everything was started, or the first thing broke: then it is
 * ended on the others.
 */
export async function startWave(wave: Wave, world: WaveWorld): Promise<void> {
  const { signal, broken, timeoutMs, tell } = world;
  const enough = new AbortController();
  const failures: Error[] = [];
  const fail = (error: Error) => {
    failures.push(error);
    enough.abort();
  };
  void broken.then(fail);
  const title = `Starting ${wave.title} on ${nodeNames(wave.nodes.map(({ node }) => node.name))}`;
  await tell.step({ title, deadlineMs: timeoutMs }, async (see) => {
    const line = sideBySide(see);
    const either = AbortSignal.any([signal, enough.signal]);
    await inParallel(wave.nodes, async ({ node, services }) => {
      if (either.aborted) return;
      const engine = engineOf(world, node);
      if (engine === undefined) return;
      const onSeen = line.of(node.name);
      const error = await upNode(node, engine, services, { ...world, signal: either, onSeen });
      if (error !== undefined) fail(error);
    });
    signal.throwIfAborted();
    const [first] = failures;
    if (first !== undefined) throw first;
  });
}

function engineOf({ nodes }: WaveWorld, { name }: PlannedNode): ComposeEngine | undefined {
  const reach = nodes.find(({ node }) => node.name === name)?.reach;
  return reach?.kind === 'reached' ? reach.engine : undefined;
}

/** Starts services of one node. @returns what went wrong */
async function upNode(
  node: PlannedNode,
  engine: ComposeEngine,
  services: readonly string[] | undefined,
  world: WaveWorld & { readonly onSeen: (text: string) => void },
): Promise<Error | undefined> {
  const { files, directory, record, timeoutMs, signal, onSeen, clock } = world;
  const env = secretVariables(files, directory, node);
  const project = projectOf(directory, record.name, node, engine, record.files[node.name] ?? '', env);
  const said: string[] = [];
  const waiting = new Set<string>();
  const until = clock.now() + timeoutMs;
  const onLine = (line: string) => {
    said.push(line);
    const progress = progressOf(line, project);
    if (progress === undefined) return;
    onSeen(`${progress.service} ${progress.state}`);
    if (progress.state === 'Waiting') waiting.add(progress.service);
    if (progress.state === 'Healthy') waiting.delete(progress.service);
  };
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  try {
    const composing = composeUp(project, { signal: either, timeoutMs, onLine }, services);
    const probes = watchProbes(project, waiting, { clock, signal: either });
    const failure = await Promise.race([probes, composing.then(() => undefined)]);
    enough.abort();
    const result = await composing;
    if (failure !== undefined && !signal.aborted) return atNode(node.name, failure);
    if (result.kind === 'ended' && result.exitCode === 0) return undefined;
    if (signal.aborted) return undefined;
    if (result.kind === 'stopped' || clock.now() >= until) return atNode(node.name, tooSlow(timeoutMs, said));
    const taken = (port: number) => Promise.resolve(portTaken(port));
    return atNode(node.name, await startFailure(project, said.join('\n'), taken, signal));
  } catch (error) {
    if (!isUserError(error)) throw error;
    return atNode(node.name, error);
  }
}

const portTaken = (port: number) =>
  new UserError({
    code: 'MACHINE_PORT_TAKEN',
    message: `a port that the lab needs is taken: ${port}`,
    fix: `on that machine, ss -ltnp 'sport = :${port}' shows who has it`,
  });

const tooSlow = (timeoutMs: number, said: readonly string[]) =>
  new UserError({
    code: 'NOT_READY',
    message: `Docker has not started everything within ${Math.round(timeoutMs / 1000)} s`,
    found: lastLines(said.join('\n'), 5),
    fix: '--timeout SECONDS waits longer; --retain leaves what was started, to look at it',
  });
