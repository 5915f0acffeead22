import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './bundle-script.mjs';

const app = join(root, 'pages/app');
const id = 'page-files';

/** @type {import('rolldown').OutputChunk[]} What the page that was built last is made of. */
const chunks = [];

/**
 * The page of pages/app as three files. Two builds of the same sources are byte-identical.
 * @returns {Promise<{ html: string, script: string, style: string }>}
 */
async function buildPage() {
  const result = await build({
    root: app,
    configFile: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2022',
      cssCodeSplit: false,
      // Those that know light-dark().
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rolldownOptions: { input: join(app, 'main.tsx'), output: { entryFileNames: 'page.js' } },
    },
  });
  chunks.splice(0, chunks.length, ...result.output.filter(({ type }) => type === 'chunk'));
  const script = result.output.find(({ fileName }) => fileName === 'page.js').code;
  const style = result.output.find(({ fileName }) => fileName.endsWith('.css')).source;
  return { html: readFileSync(join(app, 'index.html'), 'utf8'), script, style };
}

/** `import files from 'page-files'`, for Rolldown and for Vitest: the page is in the program, and needs no file. */
export const pagePlugin = {
  name: 'page-files',
  // For the licences of what is in it.
  api: { chunks },
  resolveId: (source) => (source === id ? `\0${id}` : undefined),
  load: async (loaded) => (loaded === `\0${id}` ? `export default ${JSON.stringify(await buildPage())};` : undefined),
};
