import ownFiles from 'course-files';
import type { FileSystem } from '../../platform/files/file-system.ts';

/** Where lessons are: a folder for each. */
export interface Course {
  /** What messages put before the path of a file. */
  readonly name: string;
  /** Names of folders, sorted. */
  readonly folders: readonly string[];
  /** Paths of all files in a folder, relative to it, sorted. */
  readonly filesIn: (folder: string) => readonly string[];
  /** The bytes of a file; undefined: there is none. */
  readonly read: (folder: string, path: string) => Uint8Array | undefined;
}

/** The JSON Schema of lesson.yaml. */
export const lessonSchemaFile = (): string => ownFiles['lesson.schema.json'] ?? '';

/** The course that comes with the program. */
export function ownCourse(): Course {
  const paths = Object.keys(ownFiles).filter((path) => path.includes('/'));
  const folderOf = (path: string) => path.slice(0, path.indexOf('/'));
  return {
    name: 'course',
    folders: [...new Set(paths.map(folderOf))].toSorted(),
    filesIn: (folder) => paths.filter((path) => folderOf(path) === folder).map((path) => path.slice(folder.length + 1)),
    read: (folder, path) => {
      const key = `${folder}/${path}`;
      const text = Object.hasOwn(ownFiles, key) ? ownFiles[key] : undefined;
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
  };
}

type Files = Pick<FileSystem, 'kindOf' | 'list' | 'readBytes'>;

/** More of them are no lesson, and would take long to look at. */
const mostFiles = 1000;

/**
 * A course of somebody's own, or one lesson.
 * @param folder absolute
 * @param name what messages call it
 */
export function courseIn(files: Files, folder: string, name: string): Course {
  if (files.kindOf(`${folder}/lesson.yaml`) !== undefined) return oneLesson(files, folder, name);
  const folders = (files.list(folder) ?? []).filter(
    (each) => /^\d/.test(each) && files.list(`${folder}/${each}`) !== undefined,
  );
  return {
    ...{ name, folders },
    filesIn: (each) => filesBelow(files, `${folder}/${each}`, ''),
    read: (each, path) => readFile(files, `${folder}/${each}/${path}`),
  };
}

/** The folder of a lesson in place of that of a course. */
function oneLesson(files: Files, folder: string, name: string): Course {
  const [own = 'lesson'] = folder.split('/').slice(-1);
  const above = name.split('/').slice(0, -1).join('/');
  return {
    name: above === '' ? '.' : above,
    folders: [own],
    filesIn: () => filesBelow(files, folder, ''),
    read: (_, path) => readFile(files, `${folder}/${path}`),
  };
}

function readFile(files: Files, path: string): Uint8Array | undefined {
  // A link may lead out of the folder, and is followed: it is the teacher's own.
  const kind = files.kindOf(path);
  return kind === 'file' || kind === 'link' ? files.readBytes(path) : undefined;
}

function filesBelow(files: Files, folder: string, prefix: string): readonly string[] {
  const names = (files.list(`${folder}/${prefix}`) ?? []).filter((name) => name !== '.git' && name !== 'node_modules');
  return names
    .flatMap((name) => {
      const path = `${prefix}${name}`;
      return files.kindOf(`${folder}/${path}`) === 'folder' ? filesBelow(files, folder, `${path}/`) : [path];
    })
    .slice(0, mostFiles);
}
