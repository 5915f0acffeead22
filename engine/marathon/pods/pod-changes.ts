import { checkValue } from '../../../protocol/app-schema/check-value.ts';
import { fillDefaults } from '../../../protocol/app-schema/fill-defaults.ts';
import { podFields } from '../../../protocol/app-schema/pod-fields.ts';
import { object } from '../../../protocol/app-schema/schema.ts';
import { isJsonObject, objectOf, type JsonObject } from '../../../protocol/json.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { Endpoint, Pod, PodContainer } from '../../../protocol/marathon/pods.ts';
import { listAt } from '../apps/normalize-app.ts';
import { canonicalId, idErrors } from '../apps/path-id.ts';
import { nothingBefore, roleSettings } from '../apps/roles.ts';
import { isDeepStrictEqual } from 'node:util';
import { notValid, throwViolations } from '../marathon-error.ts';
import { secretErrors } from '../secrets/validate-secrets.ts';
import type { DefinitionSettings } from '../marathon-options.ts';
import { isResident, residentRole, residentRoles } from '../residency/resident.ts';
import { residentPodUpdateErrors } from '../residency/resident-pods.ts';
import { isPod, podSpec, type PodSpec, type UnversionedPod } from './pod-spec.ts';
import { unservedPodFields } from './unserved-pod-fields.ts';
import { validatePod } from './validate-pod.ts';

const podSchema = object(podFields);

/** A definition with its types checked and its defaults filled in. */
type Given = Omit<Pod, 'role'> & {
  readonly role?: string;
  readonly legacySharedCgroups?: boolean;
};

/**
 * From what a user posts to a pod, or to Marathon's complaint (PodsResource.scala and PodNormalization.scala of Marathon).
 * @throws ApiError 400 for wrong types, 422 for wrong values
 */
export function parsePod(
  json: Json,
  before = nothingBefore,
  { features = [], mesosRole }: DefinitionSettings = {},
): UnversionedPod {
  throwViolations(checkValue(podSchema, json));
  const given = withoutEmpty(fillDefaults(podFields, withResidentDefaults(json as JsonObject)));
  const fields = objectOf(given);
  const { version: _version, legacySharedCgroups: _shared, ...own } = fields as unknown as Given;
  const wrongIds = idErrors(own.id).map((error) => ({ path: '/id', error }));
  const unserved = unservedPodFields(fields);
  const id = canonicalId(own.id);
  const roles = roleSettings(id, before, mesosRole);
  const keepsData = isResident({ pod: own });
  const spec = podSpec({ role: keepsData ? residentRole(roles.otherwise) : roles.otherwise, ...own, id });
  const pod = { ...spec.pod, containers: spec.pod.containers.map(withHostPorts) };
  const complete = { ...spec, pod };
  const more =
    unserved.length > 0 ? [] : validatePod(complete, keepsData ? residentRoles(roles) : roles.allowed, features);
  const problems = [...wrongIds, ...secretErrors(pod.secrets, features), ...unserved, ...more];
  if (problems.length > 0) throw notValid(problems);
  return complete;
}

/** What pods that keep data have by default (PodNormalization.normalizeScheduling of Marathon). */
function withResidentDefaults(json: JsonObject): JsonObject {
  const volumes = listAt(json['volumes']).map(objectOf);
  if (volumes.every(({ persistent }) => !isJsonObject(persistent))) return json;
  return {
    ...json,
    volumes: volumes.map(({ persistent, ...volume }) =>
      isJsonObject(persistent) ? { ...volume, persistent: { type: 'root', ...persistent } } : volume,
    ),
    scheduling: {
      upgrade: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
      unreachableStrategy: 'disabled',
      ...objectOf(json['scheduling']),
    },
  };
}

/** No field that is served lies deeper. */
const maxDepth = 12;

/** Marathon leaves out of its answers what is empty (pragma.omitEmpty in pod.raml). */
function withoutEmpty(value: Json, depth = 0): Json {
  if (depth > maxDepth) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => withoutEmpty(each, depth + 1));
  if (!isJsonObject(value)) return value;
  const isEmpty = (each: Json) => typeof each === 'object' && each !== null && Object.keys(each).length === 0;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, withoutEmpty(each, depth + 1)] as const)
      .filter(([, each]) => !isEmpty(each)),
  );
}

/** Without container networks every endpoint is one of the agent. */
function withHostPorts(container: PodContainer): PodContainer {
  if (container.endpoints === undefined) return container;
  return { ...container, endpoints: container.endpoints.map((each): Endpoint => ({ hostPort: 0, ...each })) };
}

/**
 * Gives a pod its version. Who puts the same pod again has its instances replaced: only one that has another number of
 * instances, and is otherwise the same, is scaled (PodDefinition.isOnlyScaleChange of Marathon).
 * @param isForced the role of one that keeps data may change
 * @throws ApiError 422 for what may not become of it
 */
export function versionedPod(before: App | undefined, pod: UnversionedPod, version: string, isForced = false): PodSpec {
  const changes = before !== undefined && isPod(before) ? residentPodUpdateErrors(before, pod, isForced) : [];
  if (changes.length > 0) throw notValid(changes);
  const isScaling =
    before !== undefined &&
    isPod(before) &&
    before.instances !== pod.instances &&
    isDeepStrictEqual(instanceConfig(before), instanceConfig(pod));
  return {
    ...pod,
    version,
    versionInfo: {
      lastScalingAt: version,
      lastConfigChangeAt: isScaling ? before.versionInfo.lastConfigChangeAt : version,
    },
  };
}

/** Without what may change under running instances. */
function instanceConfig(pod: UnversionedPod & Partial<PodSpec>): object {
  const {
    instances: _instances,
    version: _version,
    versionInfo: _info,
    killSelection: _kill,
    unreachableStrategy: _unreachable,
    ...config
  } = pod;
  return config;
}
