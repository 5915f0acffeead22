import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle-script.mjs';

const id = 'course-files';
const course = join(root, 'course');

/** Every file of the course, by its path in it, with forward slashes. */
function courseFiles() {
  const paths = readdirSync(course, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(course.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(course, path), 'utf8')]));
}

/** `import files from 'course-files'`, for Rolldown and for Vitest: the course is in the program, and in no folder of a lab. */
export const coursePlugin = {
  name: 'course-files',
  resolveId: (source) => (source === id ? `\0${id}` : undefined),
  load: (loaded) => {
    if (loaded !== `\0${id}`) return undefined;
    const schema = JSON.parse(readFileSync(join(root, 'lesson.schema.json'), 'utf8'));
    const files = { ...courseFiles(), 'lesson.schema.json': JSON.stringify(schema) };
    return `export default ${JSON.stringify(files)};`;
  },
};
