import { isAbsolute, join, resolve } from 'node:path';
import { textAt } from '../../protocol/json.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { absoluteId } from '../../protocol/app-id.ts';

/** An app definition that a file holds. */
export interface AppDefinition {
  /** Absolute: `/nginx`. */
  readonly id: string;
  readonly file: string;
  readonly definition: unknown;
}

const mostBytes = 4 * 1024 * 1024;

/**
 * Reads app definitions: each file holds one, or an array of them; `-` is standard input. A file that is not in the
 * current folder is looked for in the lab, so that `deploy apps/nginx.json` works from anywhere.
 * @throws UserError USAGE_APP_FILE with all that is wrong
 */
export async function readAppFiles(
  context: Context,
  directory: string,
  names: readonly string[],
): Promise<readonly AppDefinition[]> {
  const apps: AppDefinition[] = [];
  for (const name of names) {
    const parsed = parse(await readText(context, directory, name), name);
    const definitions = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
    if (definitions.length === 0) throw problem(name, 'there is no app in it');
    for (const definition of definitions) {
      const id = textAt(definition, 'id') ?? '';
      if (id === '') {
        throw problem(name, 'there is an app without an id', 'give it one, such as "id": "/my-app"');
      }
      const app = { id: absoluteId(id), file: name, definition };
      const twin = apps.find((each) => each.id === app.id);
      if (twin !== undefined) {
        throw problem(name, `the app ${app.id} is in ${twin.file} too`, 'give each app an id of its own');
      }
      apps.push(app);
    }
  }
  return apps;
}

async function readText({ files, cwd, stdin, signal }: Context, directory: string, name: string): Promise<string> {
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
