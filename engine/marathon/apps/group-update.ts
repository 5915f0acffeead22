import { checkFields, type Violation } from '../../../protocol/app-schema/check-value.ts';
import { groupFields } from '../../../protocol/app-schema/group-fields.ts';
import { isJsonObject, type JsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { throwViolations, type BrokenRule } from '../marathon-error.ts';
import { canonicalId, idErrors, parentOf } from './path-id.ts';
import { isTopLevel } from './roles.ts';

/** What a request says of a group. What is missing stays as it is. */
export interface GroupUpdate {
  /** Absolute. */
  readonly id: string;
  /** Where it is in the request: `` or `/groups(0)`. */
  readonly path: string;
  /** All apps that shall be in it; their definitions have absolute ids. */
  readonly apps?: readonly AppInGroup[];
  /** All groups that shall be in it. */
  readonly groups?: readonly GroupUpdate[];
  readonly dependencies?: readonly string[];
  readonly enforceRole?: boolean;
  /** Instead of anything else: how many times its instances each app in it shall have. */
  readonly scaleBy?: number;
  /** Instead of anything else: the version that it shall go back to. */
  readonly version?: string;
}

export interface AppInGroup {
  readonly id: string;
  readonly path: string;
  readonly definition: JsonObject;
}

/**
 * Reads a GroupUpdate of Marathon, but for what is in its apps beyond their types (Group.validNestedGroupUpdateWithBase
 * of Group.scala).
 * @param base the group in the path of the request
 * @throws ApiError 400 for wrong types, 422 for wrong values
 */
export function parseGroupUpdate(json: Json, base: string): GroupUpdate {
  const violations: Violation[] = [];
  const update = read(json, { base, path: '', isNested: false }, violations);
  throwViolations(violations);
  return update;
}

interface Place {
  readonly base: string;
  readonly path: string;
  readonly isNested: boolean;
}

function read(json: Json, { base, path, isNested }: Place, violations: Violation[]): GroupUpdate {
  const id = canonicalId(isJsonObject(json) && typeof json['id'] === 'string' ? json['id'] : '', base);
  const wrongType = (place: string, error: string) => violations.push({ path: place, error, isTypeError: true });
  const breaks = (place: string, error: string) =>
    violations.push({ path: `${path}/${place}`, error, isTypeError: false });
  if (!isJsonObject(json)) {
    wrongType(path === '' ? '/' : path, 'error.expected.jsobject');
    return { id, path };
  }
  const wrong = checkFields(groupFields, json, path);
  violations.push(...wrong);
  if (isNested && (json['id'] ?? undefined) === undefined) wrongType(`${path}/id`, 'error.path.missing');
  const broken = brokenRules(json, { id, base, isNested });
  for (const { path: place, error } of broken) breaks(place, error);
  // Ids have an end, and so has the depth of groups.
  if (wrong.length > 0 || broken.length > 0) return { id, path };
  const dependencies = textsAt(json, 'dependencies')?.map((each) => canonicalId(each, id));
  const apps = listAt(json, 'apps')?.map((each, index) => appIn(each, id, `${path}/apps(${index})`, violations));
  const groups = listAt(json, 'groups')?.map((each, index) =>
    read(each, { base: id, path: `${path}/groups(${index})`, isNested: true }, violations),
  );
  return {
    ...{ id, path },
    ...(apps === undefined ? {} : { apps }),
    ...(groups === undefined ? {} : { groups }),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(typeof json['enforceRole'] === 'boolean' ? { enforceRole: json['enforceRole'] } : {}),
    ...(typeof json['scaleBy'] === 'number' ? { scaleBy: json['scaleBy'] } : {}),
    ...(typeof json['version'] === 'string' ? { version: json['version'] } : {}),
  };
}

const listAt = (json: JsonObject, name: string) => (Array.isArray(json[name]) ? (json[name] as Json[]) : undefined);
const textsAt = (json: JsonObject, name: string) =>
  listAt(json, name)?.flatMap((each) => (typeof each === 'string' ? each : []));

/** With paths inside of the group. */
function brokenRules(json: JsonObject, { id, base, isNested }: { id: string; base: string; isNested: boolean }) {
  const broken: BrokenRule[] = [];
  if (id !== '/' || isNested) for (const error of idErrors(id)) broken.push({ path: 'id', error });
  if (isNested && (id === base || parentOf(id) !== base)) {
    broken.push({ path: 'id', error: `Group has to be child of groups with parent id: ${id} is not in ${base}` });
  }
  const given = Object.keys(groupFields).filter((name) => (json[name] ?? undefined) !== undefined);
  for (const name of ['version', 'scaleBy']) {
    if (!given.includes(name)) continue;
    if (isNested || given.length > 1)
      broken.push({ path: name, error: 'not allowed in conjunction with other properties.' });
  }
  if (json['enforceRole'] === true && !isTopLevel(id)) {
    const error = `enforceRole can only be set for top-level groups, and ${id} is not top-level`;
    broken.push({ path: 'enforceRole', error });
  }
  return broken;
}

function appIn(json: Json, group: string, path: string, violations: Violation[]): AppInGroup {
  const given = (json as JsonObject)['id'] as string;
  const id = canonicalId(given, group);
  if (parentOf(id) !== group) {
    const error = `identifier ${id} is not child of ${group}. Hint: use relative paths.`;
    violations.push({ path: `${path}/id`, error, isTypeError: false });
  }
  return { id, path, definition: { ...(json as JsonObject), id } };
}
