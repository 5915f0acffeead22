import { appFields } from '../../../protocol/app-schema/app-fields.ts';
import { checkFields, checkValue } from '../../../protocol/app-schema/check-value.ts';
import { fillDefaults } from '../../../protocol/app-schema/fill-defaults.ts';
import { object } from '../../../protocol/app-schema/schema.ts';
import { isJsonObject } from '../../../protocol/json.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { SharedParts } from '../leadership/shared-parts.ts';
import { ApiError, notValid, throwViolations, unknownApp, type BrokenRule } from '../marathon-error.ts';
import type { DefinitionSettings } from '../marathon-options.ts';
import { completeApp, isUnchanged, versionInfoFor } from './complete-app.ts';
import { mixingErrors, translateDeprecated, type Definition } from './normalize-app.ts';
import { canonicalId, idErrors } from './path-id.ts';
import { nothingBefore, roleSettings, type RolesBefore } from './roles.ts';
import { residentUpdateErrors } from '../residency/validate-residency.ts';
import { ServicePorts } from './service-ports.ts';
import { unservedFields } from './unserved-fields.ts';
import { validateApp } from './validate-app.ts';

/*
 * From what a user posts to an app in canonical form, or to Marathon's complaint (AppHelpers.scala of Marathon: types,
 * then the older form, then the canonical rules).
 */

const appSchema = object(appFields);

export type Unversioned = Omit<App, 'version' | 'versionInfo'>;

/** A definition or what is wrong with it. */
type Outcome = { readonly app: Unversioned } | { readonly problems: readonly BrokenRule[] };

const failed = (problems: readonly BrokenRule[], prefix: string): Outcome => ({
  problems: problems.map(({ path, error }) => ({ path: `${prefix}${path}`, error })),
});

function completed(
  definition: Definition,
  before: RolesBefore,
  prefix: string,
  { features = [], mesosRole, defaultNetworkName }: DefinitionSettings,
): Outcome {
  const roles = roleSettings(canonicalId(definition['id'] as string), before, mesosRole);
  const app = completeApp(definition, roles.otherwise, defaultNetworkName);
  const problems = validateApp(app, roles, features);
  return problems.length > 0 ? failed(problems, prefix) : { app };
}

/** @throws ApiError 422 */
function required(outcome: Outcome): Unversioned {
  if ('problems' in outcome) throw notValid(outcome.problems);
  return outcome.app;
}

/** What is wrong with the types and bounds of the fields of a definition. */
const appViolations = (json: Json) => checkValue(appSchema, json);

/**
 * A definition without `appViolations`, in canonical form.
 * @param prefix of the places in errors: `(1)` for the second of a list
 */
export function readApp(json: Definition, before: RolesBefore, prefix: string, settings: DefinitionSettings): Outcome {
  const given: Definition = fillDefaults(appFields, json, true);
  const errors = typeof given['id'] === 'string' ? idErrors(given['id']) : [];
  const problems = [
    ...errors.map((error) => ({ path: '/id', error })),
    ...mixingErrors(given),
    ...unservedFields(given),
  ];
  if (problems.length > 0) return failed(problems, prefix);
  return completed(translateDeprecated(given), before, prefix, settings);
}

/**
 * A whole definition.
 * @param prefix of the places in errors: `(1)` for the second of a list
 * @throws ApiError 400 for wrong types, 422 for wrong values
 */
export function parseApp(
  json: Json,
  prefix = '',
  before = nothingBefore,
  settings: DefinitionSettings = {},
): Unversioned {
  throwViolations(appViolations(json), prefix);
  return required(readApp(json as Definition, before, prefix, settings));
}

/** An update, in canonical form: only what it changes. */
interface AppUpdate {
  readonly id?: string;
  readonly version?: string;
  readonly fields: Definition;
}

/** @throws ApiError 400 for wrong types, 422 for wrong values */
export function parseUpdate(json: Json, prefix = ''): AppUpdate {
  if (!isJsonObject(json)) {
    throwViolations(checkValue(appSchema, json), prefix);
    throw new ApiError(400, { message: 'Invalid JSON' });
  }
  throwViolations(checkFields(appFields, json, '', true), prefix);
  const given = fillDefaults(appFields, json, true);
  const { id, version, versionInfo: _info, ...fields } = given;
  const isVersionOnly = Object.keys(fields).length === 0;
  if (version !== undefined && !isVersionOnly && json['versionInfo'] === undefined) {
    throw notValid([{ path: `${prefix}/`, error: "The 'version' field may only be combined with the 'id' field." }]);
  }
  const problems = [...mixingErrors(fields), ...unservedFields(fields)];
  if (problems.length > 0) throw notValid(problems);
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof version === 'string' && isVersionOnly ? { version } : {}),
    fields: translateDeprecated(fields),
  };
}

/**
 * What an update makes of an app.
 * @param isPartial what is not given stays as it is; else it goes back to its default
 * @throws ApiError 404 for an unknown version, 422 when the result cannot be
 */
export function updatedApp(
  shared: SharedParts,
  before: App,
  update: AppUpdate,
  isPartial: boolean,
  prefix = '',
): Unversioned {
  if (update.version !== undefined) {
    const wanted = Date.parse(update.version);
    const old = shared.apps.versions(before.id).find(({ version }) => Date.parse(version) === wanted);
    if (old === undefined) throw unknownApp(before.id, update.version);
    return old;
  }
  const { version: _version, versionInfo: _info, ...present } = before;
  const base: Definition = isPartial ? (present as unknown as Definition) : {};
  const definition = { ...base, ...update.fields, id: before.id };
  return required(completed(definition, shared.apps, prefix, shared.settings));
}

/** What is needed to give service ports to several apps of one change. */
export const servicePortsFor = ({ apps, settings }: SharedParts) =>
  new ServicePorts([], settings.servicePorts, { usage: apps.portUsage, app: (id) => apps.get(id) });

/**
 * Gives a definition its service ports and its version; one that the app has already, with the same ports, is the app as
 * it is, with its version (GroupVersioningUtil.scala of Marathon).
 * @param options ports: one for all apps of a change; isForced: the role of one that keeps data may change
 */
export function versioned(
  shared: SharedParts,
  app: Unversioned,
  version: string,
  options: { readonly ports?: ServicePorts; readonly isRestart?: boolean; readonly isForced?: boolean } = {},
): App {
  const before = shared.apps.get(app.id);
  const { version: _version, versionInfo: _info, ...definition } = app as App;
  const ports = options.ports ?? servicePortsFor(shared);
  const complete = { ...ports.assign(definition), version } as App;
  const changes = residentUpdateErrors(before, complete, options.isForced === true);
  if (changes.length > 0) throw notValid(changes);
  if (options.isRestart !== true && before !== undefined && isUnchanged(before, complete)) return before;
  const info = versionInfoFor(options.isRestart === true ? undefined : before, complete, version);
  return { ...complete, versionInfo: info };
}

/** @throws ApiError 400 unless it is a list */
export function asList(json: Json): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[];
  throw new ApiError(400, { message: 'Invalid JSON', details: [{ path: '/', errors: ['error.expected.jsarray'] }] });
}

/** The id of one entry of a list of updates. @throws ApiError */
export function requiredId(update: AppUpdate, prefix: string): string {
  if (update.id === undefined) {
    throw new ApiError(400, {
      message: 'Invalid JSON',
      details: [{ path: `${prefix}/id`, errors: ['error.path.missing'] }],
    });
  }
  return canonicalId(update.id);
}
