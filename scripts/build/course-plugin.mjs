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

/** What `course-files` is, as JSON. */
export function courseText() {
  const schema = JSON.parse(readFileSync(join(root, 'lesson.schema.json'), 'utf8'));
  return JSON.stringify({ ...courseFiles(), 'lesson.schema.json': JSON.stringify(schema) });
}

/** `import files from 'course-files'`. @param {() => string} code of the module */
const pluginWith = (code) => ({
  name: 'course-files',
  resolveId: (source) => (source === id ? `\0${id}` : undefined),
  load: (loaded) => (loaded === `\0${id}` ? code() : undefined),
});

/** For Vitest. */
export const coursePlugin = pluginWith(() => `export default ${courseText()};`);

/** The file of the program that has the course: by itself, so that a bundle for students has another one. */
export const courseName = 'course.json';

/** For Rolldown: the course is beside the code, which is CommonJS. */
export const courseBesidePlugin = pluginWith(
  () =>
    `import { readFileSync } from 'node:fs';\nexport default JSON.parse(readFileSync(\`\${__dirname}/${courseName}\`, 'utf8'));`,
);
