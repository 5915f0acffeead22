import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { ejsPlugin } from './ejs-plugin.mjs';

/** The folder of the repository, with a slash at the end. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const manifest = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Constants that the sources are compiled with (platform/version.d.ts). */
export const definitions = () => ({
  __VERSION__: JSON.stringify(manifest().version),
  __BUILD_TIME__: String(buildTime()),
});

/** Seconds since 1970: what reproducible builds are told, else the time of the commit, else that of package.json. */
function buildTime() {
  const { SOURCE_DATE_EPOCH: given = '' } = process.env;
  if (/^\d+$/.test(given)) return Number(given);
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], options)) || packageTime();
  } catch {
    return packageTime();
  }
}

const packageTime = () => Math.floor(statSync(join(root, 'package.json')).mtimeMs / 1000);

/** A warning of the bundler is a mistake of ours and stops the build, unless it is about a package. */
export const onLog = (level, { message }) => {
  if (level === 'warn' && !message.includes('node_modules/')) throw new Error(message);
};

/**
 * Bundles one TypeScript file of the repository to an ES module, with its templates; packages stay outside.
 * @param {string} entry absolute path
 * @returns {Promise<string>} JavaScript, with a source map in it
 */
export async function bundleScript(entry) {
  const bundler = await rolldown({
    cwd: root,
    input: entry,
    platform: 'node',
    external: /^[^./]/,
    transform: { target: 'node20.12', define: definitions() },
    plugins: [ejsPlugin],
    onLog,
  });
  try {
    const { output } = await bundler.generate({ format: 'es', sourcemap: 'inline', codeSplitting: false });
    return output[0].code;
  } finally {
    await bundler.close();
  }
}
