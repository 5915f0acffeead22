import type { FileSystem } from '../../platform/files/file-system.ts';
import { parseObject } from '../../protocol/json.ts';
import { partActions, type PartAction } from '../cluster-runtime.ts';
import type { RunFolder } from './run-folder.ts';

/*
 * How a command has the process of a lab do something with its components: it writes a request into the run folder and
 * sends SIGUSR2; the process writes what its parts are in then, which `status` reads as well. Nobody who cannot write
 * there, or signal the process, can ask for anything, and there is no port that a web page could reach.
 */

/** What a component of a lab's process is in. */
export type PartState = 'running' | 'stopped' | 'killed' | 'paused' | 'partitioned';

export interface ControlRequest {
  /** Unique. */
  readonly id: string;
  /** `change-agents`: to those of the RunRequest that is in the run folder now. */
  readonly action: PartAction | 'change-agents';
  /** Components, by their ids. */
  readonly names: readonly string[];
}

/** What the process says of its parts. */
export interface PartsRecord {
  readonly parts: Readonly<Record<string, PartState>>;
  /** The last request that was carried out, and why it failed, if it did. */
  readonly answered?: { readonly id: string; readonly error?: string };
}

/** A component that the process can do these things with: engine/lives/part.ts. */
export interface ControlledPart {
  readonly state: Exclude<PartState, 'partitioned'>;
  readonly isCutOff: boolean;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly pause: () => Promise<void>;
  /** Cuts an agent off from the masters, or mends that; missing: it is no agent. */
  readonly partition?: (isCut: boolean) => Promise<void>;
  /** Ends the tasks of an agent, which outlive it otherwise; missing: it has none. */
  readonly endTasks?: () => Promise<void>;
  /** As stop, of an agent that does not come back: it unregisters. Missing: it is no agent by itself. */
  readonly leave?: () => Promise<void>;
}

/** Carries out a request on all its parts at the same time. @throws the first error, when all have come to an end */
export async function controlParts(
  parts: ReadonlyMap<string, ControlledPart>,
  { action, names }: { readonly action: PartAction; readonly names: readonly string[] },
): Promise<void> {
  const named = names.flatMap((name) => parts.get(name) ?? []);
  const outcomes = await Promise.allSettled(named.map((part) => controlPart(part, action)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function controlPart(part: ControlledPart, action: PartAction): Promise<void> {
  switch (action) {
    case 'stop':
    case 'kill':
    case 'pause':
      await part[action]();
      return;
    case 'unplug':
      await part.kill();
      await part.endTasks?.();
      return;
    case 'start':
      await part.partition?.(false);
      await part.start();
      return;
    case 'partition':
    case 'heal':
      await part.partition?.(action === 'partition');
  }
}

export const stateOf = ({ state, isCutOff }: ControlledPart): PartState =>
  state === 'running' && isCutOff ? 'partitioned' : state;

/** What each part is in, by its id. */
export const statesOf = (parts: ReadonlyMap<string, ControlledPart>): PartsRecord['parts'] =>
  Object.fromEntries([...parts].map(([id, part]) => [id, stateOf(part)]));

export function writeParts(files: FileSystem, { parts: path }: RunFolder, record: PartsRecord): void {
  writeWhole(files, path, record);
}

/** Undefined when there is none: a process of an older version, or one that has not started yet. */
export function readParts(files: FileSystem, { parts: path }: RunFolder): PartsRecord | undefined {
  const parts = read(files, path)?.['parts'];
  return typeof parts === 'object' && parts !== null ? (read(files, path) as unknown as PartsRecord) : undefined;
}

export function writeRequest(files: FileSystem, { request: path }: RunFolder, request: ControlRequest): void {
  writeWhole(files, path, request);
}

export function readRequest(files: FileSystem, { request: path }: RunFolder): ControlRequest | undefined {
  const request = read(files, path);
  const isOne =
    typeof request?.['id'] === 'string' &&
    [...partActions, 'change-agents'].some((action) => action === request['action']) &&
    Array.isArray(request['names']);
  return isOne ? (request as unknown as ControlRequest) : undefined;
}

/** A reader sees the file as it was, or whole. */
function writeWhole(files: FileSystem, path: string, content: object): void {
  files.writeText(`${path}.next`, `${JSON.stringify(content)}\n`, false);
  files.rename(`${path}.next`, path);
}

function read(files: FileSystem, path: string) {
  return files.kindOf(path) === 'file' ? parseObject(files.readText(path)) : undefined;
}
