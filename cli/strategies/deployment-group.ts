import { textFingerprint } from '../../lab/fingerprint.ts';
import { isJsonObject, listAt, numberAt, objectOf, textsAt, valueAt, type JsonObject } from '../../protocol/json.ts';
import type { Json } from '../../protocol/mesos.ts';
import { absoluteId } from '../../protocol/marathon/app-id.ts';
import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import { groupLabels, startedAt } from '../../protocol/marathon/deployment-group.ts';
import type { AppDefinition } from '../apps/app-files.ts';
import type { RunningApp } from './running-app.ts';

/* Blue and green as marathon-lb's zdd.py has them: two apps ID-blue and ID-green in one deployment group. */

const portLabel = 'HAPROXY_0_PORT';
const idLabel = 'HAPROXY_APP_ID';

/** Ours beside zdd's: by which a deploy that was broken off is known again, and what was there before it. */
const definitionLabel = 'CREATE_MESOS_CLUSTER_DEFINITION';
const formerLabel = 'CREATE_MESOS_CLUSTER_FORMER_INSTANCES';

/** The id of an app in its file, which is that of neither colour; undefined where no strategy has made it. */
export function nameOf({ labels }: RunningApp): string | undefined {
  const name = labels[idLabel];
  return name === undefined ? undefined : absoluteId(name);
}

/** The service port at which the load balancer has both colours. */
export const portOf = ({ labels, servicePort }: RunningApp): number => Number(labels[portLabel] ?? servicePort);

/** How many instances a version shall have in the end. */
export const targetOf = ({ labels, instances }: RunningApp): number =>
  Number(labels[groupLabels.targetInstances] ?? instances);

/** How many instances the version before had when this one came; of a deploy by zdd.py as many as this one gets. */
export const formerInstances = (young: RunningApp): number => Number(young.labels[formerLabel] ?? targetOf(young));

/** With how many instances a canary is watched; 0: it is none. */
export const watchedOf = ({ labels }: RunningApp): number => Number(labels[groupLabels.newInstances] ?? 0);

/** The older one first, as marathon-lb has it. */
export const byAge = (apps: readonly RunningApp[]): readonly RunningApp[] =>
  // Two without a date keep their places.
  apps.toSorted((a, b) => startedAt(a.labels) - startedAt(b.labels) || 0);

/** Whether an app is what this definition has become. */
export const isOf = ({ definition }: AppDefinition, { labels }: RunningApp): boolean =>
  labels[definitionLabel] === digest(definition);

/** Of what a label may have: 16 digits tell two definitions of one app apart. */
const digest = (definition: JsonObject) => textFingerprint(JSON.stringify(definition)).slice(0, 16);

/** How many instances an app shall have in the end: what its file says, or else as many as there are. */
export const wantedInstances = ({ definition }: AppDefinition, old: RunningApp | undefined): number =>
  numberAt(definition, 'instances') ?? old?.instances ?? 1;

/** The colour that comes: blue first, and then the other one than that which is there. */
const nextColour = (old: RunningApp | undefined): 'blue' | 'green' =>
  old?.labels[groupLabels.colour] === 'blue' ? 'green' : 'blue';

export interface Coming {
  readonly old: RunningApp | undefined;
  /** With which it begins. */
  readonly instances: number;
  /** Of a canary the number that it is watched with; otherwise 0. */
  readonly watched: number;
  /** As zdd.py writes it: without a time zone, 2026-01-02T10:00:00.000. */
  readonly startedAt: string;
}

/** The definition of the colour that comes, with the labels that zdd.py gives it. */
export function colourOf(app: AppDefinition, { old, instances, watched, startedAt: at }: Coming): JsonObject {
  const { definition, id } = app;
  const labels = textsAt(definition, 'labels');
  const colour = nextColour(old);
  const [ownPort, otherPort] = [portsOfApp(definition)[0]?.servicePort ?? 0, Number(labels[groupLabels.otherPort])];
  // Marathon has each service port once; the label is where the load balancer listens for both.
  const port = old?.servicePort === ownPort ? otherPort : ownPort;
  return {
    ...withServicePort(definition, port),
    id: `${id}-${colour}`,
    instances,
    labels: {
      ...labels,
      [portLabel]: labels[portLabel] ?? String(ownPort),
      [idLabel]: id,
      [groupLabels.colour]: colour,
      [groupLabels.targetInstances]: String(wantedInstances(app, old)),
      [groupLabels.newInstances]: String(watched),
      [groupLabels.startedAt]: at,
      [definitionLabel]: digest(definition),
      ...(old === undefined ? {} : { [formerLabel]: String(old.instances) }),
    },
  };
}

/** In whichever of its places a definition has its first service port. */
function withServicePort(definition: JsonObject, port: number): JsonObject {
  const container = objectOf(definition['container']);
  const docker = objectOf(container['docker']);
  if (listAt(container, 'portMappings').length > 0)
    return { ...definition, container: { ...container, portMappings: first(container, 'portMappings', port) } };
  if (listAt(docker, 'portMappings').length > 0) {
    const mapped = { ...docker, portMappings: first(docker, 'portMappings', port) };
    return { ...definition, container: { ...container, docker: mapped } };
  }
  if (valueAt(definition, 'portDefinitions') === undefined) return { ...definition, ports: [port] };
  return { ...definition, portDefinitions: first(definition, 'portDefinitions', port) };
}

function first(parent: JsonObject, name: string, port: number): Json {
  const key = name === 'portDefinitions' ? 'port' : 'servicePort';
  const list = parent[name];
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).map((each, index) =>
    index === 0 && isJsonObject(each) ? { ...each, [key]: port } : each,
  );
}
