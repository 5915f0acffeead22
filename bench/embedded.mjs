import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, tell } from './measure.mjs';

/** Few enough for a minute, enough for a median. */
const mostRounds = 9;
export const deployApps = ['deploy', 'apps/basic-0.json', 'apps/nginx.json', '--wait'];

/**
 * A lab on the embedded runtime, made and ended with the built program: `up` until it is verified, `down`, and what is
 * resident in between.
 * @param {string} program
 * @param {string} preset
 * @param {number} rounds
 */
export const embeddedFigures = (program, preset, rounds) =>
  inLab(program, preset, (world) => measure(world, preset, Math.min(rounds, mostRounds)));

/** Makes a lab for a measurement, with more flags; it is ended and its folder removed whatever happens. */
export async function inLab(program, preset, use, more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, interrupt);
  const world = { folder, program, directory: join(folder, 'lab'), signal: interrupted.signal };
  try {
    await run(world, ['lab', '--preset', preset, ...more, '--yes'], folder);
    return await use(world);
  } finally {
    await run({ ...world, signal: undefined }, ['down']).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
    if (interrupted.signal.aborted) process.exit(130);
  }
}

async function measure(world, preset, rounds) {
  const up = await upOnFreePorts(world);
  await run(world, ['down']);
  const times = { node: [], up: [], down: [] };
  const memory = [];
  tell(`embedded, ${preset}: ${rounds} rounds`);
  for (let round = 0; round < rounds; round += 1) {
    times.node.push(await run(world, ['-e', '0'], world.folder, []));
    times.up.push(await run(world, up));
    memory.push(residentMb(labProcess(world)));
    times.down.push(await run(world, ['down']));
  }
  await run(world, up);
  await run(world, deployApps);
  const withTasks = residentMb(labProcess(world));
  const seconds = (name, key, target) => ({ name, value: median(times[key]) / 1000, unit: 's', ...target });
  return [
    seconds(`${preset}: node -e 0`, 'node'),
    seconds(`${preset}: up, verified`, 'up', { target: 3 }),
    { name: `${preset}: up / node`, value: median(times.up) / median(times.node), unit: 'x' },
    seconds(`${preset}: down`, 'down', { target: 1 }),
    { name: `${preset}: resident after up`, value: median(memory), unit: 'MB', target: 150 },
    { name: `${preset}: with basic-0 and nginx`, value: withTasks, unit: 'MB', target: 150 },
  ];
}

/** The command that starts the lab where nothing listens; the lab runs afterwards. */
export async function upOnFreePorts(world, more = []) {
  for (let attempt = 1; ; attempt += 1) {
    const offset = 1000 + 100 * Math.floor(Math.random() * 180);
    const up = ['up', '--runtime', 'embedded', '--port-offset', String(offset), ...more];
    try {
      await run(world, up);
      return up;
    } catch (error) {
      if (attempt === 5 || !error.message.includes('MACHINE_PORT_TAKEN')) throw error;
    }
  }
}

/**
 * Runs the program, in the lab unless another folder is given.
 * @returns {Promise<number>} wall time, ms
 * @throws when it fails, with the end of what it said
 */
export function run({ program, directory, folder, signal }, words, cwd = directory, script = [program]) {
  // A home of its own: the list of the labs of this machine is not ours to write.
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const options = { cwd, env, signal, stdio: ['ignore', 'ignore', 'pipe'] };
    const child = spawn(process.execPath, [...script, ...words], options);
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    let failure;
    child.once('error', (error) => (failure = error));
    child.once('exit', () => (child.endedAt = performance.now()));
    child.once('close', (code) => {
      if (code === 0) resolve(child.endedAt - start);
      else reject(failure ?? new Error(`exit code ${code} of ${words.join(' ')}: ${said.trim().slice(-600)}`));
    });
  });
}

const recordOf = ({ directory }) => JSON.parse(readFileSync(join(directory, '.mesos-cluster/run/daemon.json'), 'utf8'));

/** Where the components of a lab that runs are. */
export const urlsOf = (world) => recordOf(world).plan.urls;

export const labProcess = (world) => recordOf(world).process.pid;

/** Resident memory of a process and all below it, MB; pages that they share count for each (Linux). */
export function residentMb(root) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const field = (key) => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        return [{ id: Number(name), parent: field('PPid'), kb: field('VmRSS') }];
      } catch {
        return []; // it ended meanwhile
      }
    });
  const sum = (id) =>
    processes.filter(({ parent }) => parent === id).reduce((total, child) => total + sum(child.id), kbOf(id));
  const kbOf = (id) => processes.find((each) => each.id === id)?.kb ?? 0;
  return sum(root) / 1024;
}
