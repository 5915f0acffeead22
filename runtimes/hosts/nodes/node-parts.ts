import type { LabPart, LogRequest, OnLogLine } from '../../cluster-runtime.ts';
import type { DockerEngine } from '../../docker/docker-engine.ts';
import { exec, unknownPart } from '../../docker/docker-runtime.ts';
import type { LabContainer } from '../../docker/lab/lab-containers.ts';
import { showLogs } from '../../docker/lab/show-logs.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { atNode } from './node-error.ts';

/** A machine whose Engine answers, and what it has of a lab. */
export interface NodeParts {
  readonly name: string;
  readonly engine: DockerEngine;
  readonly containers: readonly LabContainer[];
}

/** Unique in the whole lab: services are called by their roles, the same on each node. */
export const partId = (node: string, service: string) => `${node}-${service}`;

/** The containers of a node, as parts of the whole lab. */
export const partsOn = (node: string, containers: readonly LabContainer[]): readonly (LabPart & LabContainer)[] =>
  containers.map((each) => ({ ...each, id: partId(node, each.id), node }));

/** As ClusterRuntime.logs, on all nodes. */
export async function logsOn(nodes: readonly NodeParts[], request: LogRequest, onLine: OnLogLine): Promise<boolean> {
  const asked = nodes.flatMap(({ name, engine, containers }) => {
    const ids = containers.map(({ id }) => id).filter((id) => request.ids.includes(partId(name, id)));
    const [first] = containers;
    return first === undefined || ids.length === 0 ? [] : [{ name, engine, ids, lab: first.lab }];
  });
  if (asked.flatMap(({ ids }) => ids).length < request.ids.length) return false;
  let behind = asked.length;
  const caughtUp = () => {
    behind -= 1;
    if (behind === 0) request.caughtUp?.();
  };
  const show = ({ name, engine, ids, lab }: (typeof asked)[number]) =>
    showLogs(engine, lab, { ...request, ids, caughtUp }, (id, line, at) => {
      onLine(partId(name, id), line, at);
    }).catch((error: unknown) => {
      throw atNode(name, error);
    });
  await (request.follow ? Promise.all(asked.map(show)) : inParallel(asked, show));
  return true;
}

/** As ClusterRuntime.exec, on whichever node the part is. */
export function execOn(
  nodes: readonly NodeParts[],
  id: string,
  words: readonly string[],
  terminal: { readonly hasTerminal: boolean; readonly signal: AbortSignal },
): Promise<number> {
  for (const { name, engine, containers } of nodes) {
    const container = containers.find((each) => partId(name, each.id) === id);
    if (container !== undefined) return exec(engine, container, words, terminal.hasTerminal, terminal.signal);
  }
  throw unknownPart(
    id,
    nodes.flatMap(({ name, containers }) => partsOn(name, containers)),
  );
}
