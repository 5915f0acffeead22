import { UserError } from '../../../errors/user-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import { lastLines, type DockerCall, type DockerEngine } from '../docker-engine.ts';
import { ofLab } from './lab-containers.ts';
import { removeFolders, removeTasks, sharedFolders, type SharedFolder } from './shared-engine.ts';
import { labLabel } from '../../../protocol/lab-labels.ts';

/** How many of each kind were removed. */
export interface RemovedCounts {
  readonly containers: number;
  readonly networks: number;
  readonly volumes: number;
  /** What could not be removed, in sentences: folders on the Engine's machine. */
  readonly left: readonly string[];
}

/** How each kind is listed and removed, in this order: what is in use cannot be removed. */
const kinds = [
  { kind: 'containers', list: ['ps', '--all', '--quiet', '--no-trunc'], remove: ['rm', '--force', '--volumes'] },
  { kind: 'networks', list: ['network', 'ls', '--quiet', '--no-trunc'], remove: ['network', 'rm'] },
  { kind: 'volumes', list: ['volume', 'ls', '--quiet'], remove: ['volume', 'rm'] },
] as const;

/** A container that is on its way out, and one that a killed `docker compose` still makes, need another look. */
const mostRounds = 10;
const pauseMs = 300;
/** Ending a whole lab: Engines in containers take their time. */
const removeMs = 120_000;

/**
 * Removes everything of a lab from an Engine: what bears both its own mark and Compose's, and nothing else. Needs no
 * Compose file, so it works after half a start, and when the folder is gone. A signal does not end it.
 * @throws UserError COMMAND_FAILED with what is left and why
 */
export async function removeLabFrom(engine: DockerEngine, name: string, clock: Clock): Promise<RemovedCounts> {
  const folders = await sharedFolders(engine, name, unstopped);
  const counts = await removeKinds(engine, name, clock, { wanted: kinds, folders });
  const left = await removeFolders(engine, folders, unstopped);
  return { ...counts, left: left.map((folder) => `the work of agents, which could not be removed: ${folder}`) };
}

/** As removeLabFrom, but the lab can go on: what it keeps in volumes and folders stays. */
export async function removeForNewNetwork(engine: DockerEngine, name: string, clock: Clock): Promise<void> {
  const folders = await sharedFolders(engine, name, unstopped);
  await removeKinds(engine, name, clock, { wanted: kinds.filter(({ kind }) => kind !== 'volumes'), folders });
}

const unstopped: DockerCall = { signal: new AbortController().signal };

interface WhatGoes {
  readonly wanted: readonly (typeof kinds)[number][];
  /** Of agents whose tasks go, too. */
  readonly folders: readonly SharedFolder[];
}

async function removeKinds(engine: DockerEngine, name: string, clock: Clock, { wanted, folders }: WhatGoes) {
  const counts = { containers: 0, networks: 0, volumes: 0 };
  for (let round = 0; ; round++) {
    const { found, reason } = await removeOnce(engine, name, wanted, counts);
    // With the agents gone nobody makes new ones; those that are in the network of the lab hold it up.
    counts.containers += await removeTasks(engine, folders, unstopped);
    if (found === 0) return counts;
    if (round === mostRounds) throw notRemoved(name, reason);
    if (round > 0) await clock.sleep(pauseMs);
  }
}

/** Removes what is there, and says how much that was, and why not all of it went. */
async function removeOnce(
  engine: DockerEngine,
  name: string,
  wanted: WhatGoes['wanted'],
  counts: Record<(typeof kinds)[number]['kind'], number>,
): Promise<{ readonly found: number; readonly reason: string }> {
  const filters = ofLab(name).flatMap((filter) => ['--filter', filter]);
  let [found, reason] = [0, ''];
  for (const { kind, list, remove } of wanted) {
    const ids = (await engine.ask([...list, ...filters], unstopped)).split('\n').filter((id) => id !== '');
    if (ids.length === 0) continue;
    found += ids.length;
    const result = await engine.run([...remove, ...ids], { ...unstopped, timeoutMs: removeMs });
    if (result.kind !== 'ended') continue;
    // It prints what it has removed, line by line.
    counts[kind] += result.stdout.split('\n').filter((line) => line !== '').length;
    if (result.exitCode !== 0) reason = lastLines(result.stderr, 5);
  }
  return { found, reason };
}

const notRemoved = (name: string, reason: string) =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: `not everything of the lab ${name} could be removed`,
    ...(reason === '' ? {} : { found: reason }),
    fix: `docker ps --all --filter label=${labLabel}=${name} shows what is left; run down again`,
  });

/** `11 containers, 1 network and 8 volumes`; empty when there was nothing. */
export function removedText({ containers, networks, volumes }: Omit<RemovedCounts, 'left'>): string {
  const parts = [
    [containers, 'container'],
    [networks, 'network'],
    [volumes, 'volume'],
  ] as const;
  const words = parts.flatMap(([count, noun]) => (count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`]));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
