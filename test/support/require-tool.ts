import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Environment variable with the folder that remembers warnings (warn-once.ts). */
export const warningsFolder = 'MISSING_TOOL_WARNINGS';

/** What requireTool uses of the world. */
interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warn: (line: string) => void;
}

const processWorld: World = { env: process.env, warn: (line) => process.stderr.write(line) };

/**
 * Whether a tool that tests run for real is on this machine: `describe.skipIf(!requireTool('ruby', ['ruby', '-v']))`.
 * A missing tool is never silent: one line on stderr, and in CI an error.
 * @param name of the tool, for the warning
 * @param probe command and arguments that exit 0 when the tool works
 * @throws when the tool is missing and the environment has CI
 */
export function requireTool(name: string, probe: readonly [string, ...string[]], world = processWorld): boolean {
  const [command, ...args] = probe;
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  if (status === 0) return true;
  const reason = error?.message ?? (stderr.trim().split('\n', 1)[0] || `exit code ${String(status)}`);
  const message = `${name} is missing (${probe.join(' ')}: ${reason})`;
  const { CI } = world.env;
  if (CI !== undefined && CI !== '' && CI !== 'false') {
    throw new Error(`${message}. In CI no test may be skipped: scripts/install-ci-tools.sh installs it.`);
  }
  if (isFirstWarning(name, world.env[warningsFolder])) world.warn(`SKIPPED: ${message}\n`);
  return false;
}

function isFirstWarning(name: string, folder: string | undefined): boolean {
  if (folder === undefined) return true;
  try {
    writeFileSync(join(folder, encodeURIComponent(name)), '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
