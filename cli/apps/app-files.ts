import { isAbsolute, join, resolve } from 'node:path';
import { isJsonObject, listAt, textAt, valueAt, type JsonObject } from '../../protocol/json.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { absoluteId } from '../../protocol/marathon/app-id.ts';
import { withoutAnswerFields, withoutJobHistory } from './answer-fields.ts';

/** An app, a pod or a group that a file defines, or a job of Chronos. */
export interface AppDefinition {
  readonly kind: 'app' | 'pod' | 'group' | 'job';
  /** Absolute: `/nginx`; of a job its name. */
  readonly id: string;
  readonly file: string;
  readonly definition: JsonObject;
  /** Ids of the apps in it: of an app, or a pod, its own; of a job none. */
  readonly apps: readonly string[];
}

type AppFilesContext = Pick<Context, 'files' | 'cwd' | 'stdin' | 'signal'>;

const mostBytes = 4 * 1024 * 1024;

/**
 * Reads what files define: each holds an app, a pod, a group, a job of Chronos, an array of them, or what the APIs answer
 * with (`{"app": …}`, `{"apps": […]}`, a group, the status of a pod, the list of jobs); `-` is standard input. A file that is not in the current
 * folder is looked for in the lab, so that `deploy apps/nginx.json` works from anywhere.
 * @throws UserError USAGE_APP_FILE with what is wrong
 */
export async function readAppFiles(
  context: AppFilesContext,
  directory: string,
  names: readonly string[],
): Promise<readonly AppDefinition[]> {
  const all: AppDefinition[] = [];
  for (const name of names) {
    const found = appsIn(await readText(context, directory, name), name);
    if (found.length === 0) throw problem(name, 'there is no app in it', shapes);
    for (const each of found) {
      const twin = all.find(({ kind, id }) => id === each.id && (kind === 'job') === (each.kind === 'job'));
      if (twin !== undefined) {
        throw problem(
          name,
          `the ${each.kind} ${each.id} is in ${twin.file} too`,
          `give each ${each.kind === 'job' ? 'a name' : 'an id'} of its own`,
        );
      }
      all.push(each);
    }
  }
  return all;
}

/** What a text defines. @param file what messages call it. @throws UserError USAGE_APP_FILE with what is wrong */
export const appsIn = (text: string, file: string): readonly AppDefinition[] => definitionsIn(parse(text, file), file);

function definitionsIn(parsed: unknown, file: string): readonly AppDefinition[] {
  if (Array.isArray(parsed)) return (parsed as readonly unknown[]).flatMap((each) => definitionsIn(each, file));
  if (!isJsonObject(parsed)) throw problem(file, `it is ${parsed === null ? 'null' : `a ${typeof parsed}`}`, shapes);
  if (isJsonObject(parsed['app'])) return definitionsIn(parsed['app'], file);
  // The status of a pod.
  if (isJsonObject(parsed['spec'])) return definitionsIn(parsed['spec'], file);
  const id = textAt(parsed, 'id');
  const isGroup = Array.isArray(parsed['apps']) || Array.isArray(parsed['groups']);
  if (isGroup && (id === undefined || absoluteId(id) === '/')) {
    // A group `/` in a request is all that Marathon has: what is not in the file would be removed.
    const inside = ['apps', 'pods', 'groups'].flatMap((name) => listAt(parsed, name));
    return inside.flatMap((each) => definitionsIn(each, file));
  }
  if ('services' in parsed) throw problem(file, 'it is a Compose file', shapes);
  if (isJob(parsed)) return [jobIn(parsed, file)];
  if (id === undefined || id === '') {
    throw problem(file, 'there is an app without an id', 'give it one, such as "id": "/my-app"');
  }
  const definition = withoutAnswerFields(parsed);
  const kind = isGroup ? 'group' : Array.isArray(parsed['containers']) ? 'pod' : 'app';
  // A request to a group leaves its pods as they are.
  const pods = isGroup ? podsIn(parsed).flatMap((each) => definitionsIn(each, file)) : [];
  return [{ kind, id: absoluteId(id), file, definition, apps: appsOf(definition, '/') }, ...pods];
}

const podsIn = (group: unknown): readonly unknown[] => [
  ...listAt(group, 'pods'),
  ...listAt(group, 'groups').flatMap(podsIn),
];

const shapes =
  'deploy takes apps, pods, groups, jobs of Chronos, arrays of them, and what GET /v2/apps, /v2/pods, /v2/groups and /v1/scheduler/jobs answer';

/** One with a schedule, or one that runs after others. */
const isJob = (parsed: JsonObject): boolean => 'schedule' in parsed || 'parents' in parsed;

function jobIn(parsed: JsonObject, file: string): AppDefinition {
  const name = textAt(parsed, 'name');
  if (name !== undefined && name !== '')
    return { kind: 'job', id: name, file, definition: withoutJobHistory(parsed), apps: [] };
  throw problem(file, 'it is a job of Chronos without a name', 'give it one, such as "name": "backup"');
}

/** Ids in a group may be relative to it (PathId.canonicalPath of Marathon). */
function appsOf(definition: unknown, base: string): readonly string[] {
  const own = textAt(definition, 'id') ?? '';
  const id = own.startsWith('/') ? absoluteId(own) : absoluteId(`${base}/${own}`);
  const [apps, groups] = [listAt(definition, 'apps'), listAt(definition, 'groups')];
  const isGroup = ['apps', 'groups'].some((name) => valueAt(definition, name) !== undefined);
  return isGroup ? [...apps, ...groups].flatMap((each) => appsOf(each, id)) : [id];
}

async function readText(
  { files, cwd, stdin, signal }: AppFilesContext,
  directory: string,
  name: string,
): Promise<string> {
  if (name === '-') return new TextDecoder().decode(await stdin.read(mostBytes, signal));
  const candidates = [resolve(cwd, name), ...(isAbsolute(name) ? [] : [join(directory, name)])];
  const path = candidates.find((candidate) => files.kindOf(candidate) !== undefined);
  if (path === undefined)
    throw problem(name, 'there is no such file', 'the definitions of a lab are in its folder apps');
  try {
    return files.readText(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') {
      throw problem(name, 'this is a folder', 'name the files in it, such as apps/nginx.json');
    }
    throw problem(name, error instanceof Error ? error.message : String(error));
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    if (text.trim() === '') throw problem(name, 'the file is empty', shapes);
    throw problem(name, `not JSON: ${reason}`, 'a definition is JSON, such as {"id": "/my-app", "cmd": "sleep 1000"}');
  }
}

function problem(file: string, found: string, fix?: string): UserError {
  return new UserError({
    code: 'USAGE_APP_FILE',
    message: 'this is no app definition',
    place: { kind: 'path', path: file },
    found,
    ...(fix === undefined ? {} : { fix }),
  });
}
