import { isAbsolute, join, resolve } from 'node:path';
import { isJsonObject, listAt, textAt, valueAt, type JsonObject } from '../../protocol/json.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { absoluteId } from '../../protocol/marathon/app-id.ts';
import { withoutAnswerFields } from './answer-fields.ts';

/** An app, a pod or a group that a file defines. */
export interface AppDefinition {
  readonly kind: 'app' | 'pod' | 'group';
  /** Absolute: `/nginx`. */
  readonly id: string;
  readonly file: string;
  readonly definition: JsonObject;
  /** Ids of the apps in it: of an app, or a pod, its own. */
  readonly apps: readonly string[];
}

type AppFilesContext = Pick<Context, 'files' | 'cwd' | 'stdin' | 'signal'>;

const mostBytes = 4 * 1024 * 1024;

/**
 * Reads what files define: each holds an app, a pod, a group, an array of them, or what Marathon's API answers with
 * (`{"app": …}`, `{"apps": […]}`, a group, the status of a pod); `-` is standard input. A file that is not in the current
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
    const found = definitionsIn(parse(await readText(context, directory, name), name), name);
    if (found.length === 0) throw problem(name, 'there is no app in it');
    for (const each of found) {
      const twin = all.find(({ id }) => id === each.id);
      if (twin !== undefined) {
        throw problem(name, `the ${each.kind} ${each.id} is in ${twin.file} too`, 'give each an id of its own');
      }
      all.push(each);
    }
  }
  return all;
}

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
  const unfit = unfitKind(parsed);
  if (unfit !== undefined) throw problem(file, unfit, shapes);
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

const shapes = 'deploy takes apps, pods, groups, arrays of them, and what GET /v2/apps, /v2/pods and /v2/groups answer';

/** What a file may hold that is something else. */
function unfitKind(parsed: JsonObject): string | undefined {
  if ('services' in parsed) return 'it is a Compose file';
  if ('schedule' in parsed || 'parents' in parsed) return 'it is a job of Chronos';
  return undefined;
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
    throw problem(name, `not JSON: ${error instanceof Error ? error.message : String(error)}`);
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
