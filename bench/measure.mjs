import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const peakMemory = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/** Says on stderr what is measured now: all of it takes minutes. */
export const tell = (text) => process.stderr.write(`${text}\n`);

/** Figures of one thing; that it failed is told as one, and the rest is measured. */
export async function part(title, measure) {
  try {
    return await measure();
  } catch (error) {
    const [said] = (error.cause?.message ?? error.message).split('\n');
    tell(`${title}: FAILED ${said}`);
    return [{ name: `${title}: FAILED ${said}`, value: NaN, unit: '' }];
  }
}

/** Runs something in a fresh folder that is gone afterwards. */
export function inFreshFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Bash measures the user and system time of a whole child process, with its threads and children, to the millisecond.
const timed = `TIMEFORMAT='%3U %3S'; { time "$@" >/dev/null 2>"$BENCH_STDERR"; } 2>&1 || exit`;

/**
 * Whole-process CPU time of one run of a command in a fresh folder.
 * @param {readonly string[]} command
 * @returns {number} milliseconds, user and system together
 * @throws when the command fails, with the end of its stderr
 */
function cpuMsOf(command, environment = {}) {
  return inFreshFolder((folder) => {
    const work = join(folder, 'work');
    const stderr = join(folder, 'stderr');
    const script = `mkdir "$BENCH_WORK" && cd "$BENCH_WORK" && ${timed}`;
    const { status, stdout } = spawnSync('bash', ['-c', script, 'bench', ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment, BENCH_STDERR: stderr, BENCH_WORK: work },
    });
    const said = readFileSync(stderr, 'utf8').trim();
    if (status !== 0) throw new Error(`exit code ${status} of ${command.join(' ')}: ${said.slice(-400)}`);
    const [user, system] = stdout.trim().split(' ').map(Number);
    return (user + system) * 1000;
  });
}

/**
 * CPU time of several commands, run in turn so that whatever else the machine does meets them all.
 * @param {Readonly<Record<string, readonly string[]>>} commands by name
 * @param {number} rounds how often each is run
 * @returns {Record<string, { medianMs: number, minMs: number, sumMs: number }>}
 */
export function compareCpu(commands, rounds) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (const command of Object.values(commands)) cpuMsOf(command); // fills the page cache
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of Object.entries(commands)) times[name].push(cpuMsOf(command));
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, summary(list)]));
}

/** The number in the middle. */
export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function summary(list) {
  return { medianMs: median(list), minMs: Math.min(...list), sumMs: list.reduce((a, b) => a + b, 0) };
}

/** CPU time (ms, median) and peak resident memory (MB, the highest) of a Node program. */
export function cpuAndMemory(command, rounds) {
  return inFreshFolder((folder) => {
    const file = join(folder, 'peak');
    const environment = { NODE_OPTIONS: `--require=${peakMemory}`, PEAK_MEMORY_FILE: file };
    const runs = Array.from({ length: rounds }, () => ({
      cpuMs: cpuMsOf(command, environment),
      peakMb: Number(readFileSync(file, 'utf8')) / 1024,
    }));
    return {
      cpuMs: summary(runs.map(({ cpuMs }) => cpuMs)).medianMs,
      peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)),
    };
  });
}
