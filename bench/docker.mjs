import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { probesOf } from './docker-probes.mjs';
import { median, tell } from './measure.mjs';

/** A round takes half a minute to a minute. */
const mostRounds = 5;
/** Verified within this, seconds, with all images there (issue 4). */
const targetSeconds = { single: 20, ha: 30 };
/** Images of test/docker/images: where they are built, nothing has to be pulled. */
const testImage = (name) => `create-mesos-cluster-test/${name}:local`;

/**
 * A lab of the set lite on the Docker Engine of this machine: `up` until it is ready and until it is verified, in turn
 * with a bare `docker compose up --detach` until the same probes pass, and the memory of each node. Whatever happens,
 * the lab is ended and its folder removed.
 * @param {string} program
 * @param {'single' | 'ha'} preset
 * @param {number} rounds
 */
export async function dockerFigures(program, preset, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, interrupt);
  const world = { folder, program, directory: join(folder, 'lab'), signal: interrupted.signal };
  try {
    writeFileSync(join(folder, 'spec.yaml'), JSON.stringify(specFor(preset)));
    await run(world, [process.execPath, program, 'lab', '--spec', 'spec.yaml', '--yes'], folder);
    return await measure(world, preset, Math.min(rounds, mostRounds));
  } finally {
    await lab({ ...world, signal: undefined }, 'down').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
    if (interrupted.signal.aborted) process.exit(130);
  }
}

function specFor(preset) {
  const isBuilt = spawnSync('docker', ['image', 'inspect', testImage('node')], { stdio: 'ignore' }).status === 0;
  const overrides = { zookeeper: { image: testImage('zookeeper') }, 'docker-engine': { image: testImage('dind') } };
  const local = isBuilt ? { build: { base: testImage('node'), dockerCli: testImage('node') }, overrides } : {};
  const offset = 1000 + 100 * Math.floor(Math.random() * 180);
  return { name: `bench-${process.pid}-${preset}`, preset, images: { set: 'lite', ...local }, ports: { offset } };
}

async function measure(world, preset, rounds) {
  // Builds and pulls what is missing, and measures what takes no time from the rounds.
  tell(`docker, ${preset}: first start, and memory`);
  await up(world);
  const probes = probesOf(JSON.parse((await lab(world, 'plan', '--json')).said));
  const memory = await memoryByRole(world);
  await lab(world, 'down');
  const times = { ready: [], verified: [], bare: [], down: [] };
  for (let round = 1; round <= rounds; round += 1) {
    tell(`docker, ${preset}: round ${round} of ${rounds}: up`);
    const { readyMs, verifiedMs } = await up(world);
    times.ready.push(readyMs);
    times.verified.push(verifiedMs);
    times.down.push((await lab(world, 'down')).ms);
    tell(`docker, ${preset}: round ${round} of ${rounds}: compose up`);
    times.bare.push(await bareUp(world, probes));
  }
  const seconds = (name, key, target) => ({
    name: `${preset}: ${name}`,
    value: median(times[key]) / 1000,
    unit: 's',
    ...(target === undefined ? {} : { target }),
  });
  return [
    seconds('compose up, until ready', 'bare'),
    seconds('up, until ready', 'ready'),
    { name: `${preset}: up / compose up`, value: median(times.ready) / median(times.bare), unit: 'x', target: 1.15 },
    seconds('up, until verified', 'verified', targetSeconds[preset]),
    seconds('down', 'down'),
    ...memory.map(({ role, mb }) => ({ name: `${preset}: memory, ${role}`, value: mb, unit: 'MB' })),
  ];
}

/** `up`: ready is when the first result of verify is printed. */
async function up(world) {
  const { ms, firstMs } = await lab(world, 'up', '--runtime', 'docker');
  return { readyMs: firstMs ?? ms, verifiedMs: ms };
}

/** What somebody without this tool does: Compose, and then looking until everything is there. */
async function bareUp(world, probes) {
  const start = performance.now();
  const compose = (...words) => run(world, ['docker', 'compose', ...words], world.directory);
  try {
    await compose('--profile', '*', 'up', '--detach');
    while (!(await probes())) {
      if (performance.now() - start > 180_000) throw new Error('compose up: not ready within 180 s');
      world.signal.throwIfAborted();
      await sleep(100);
    }
    return performance.now() - start;
  } finally {
    await compose('--profile', '*', 'down', '--volumes', '--timeout', '1');
  }
}

/** Memory of the containers of a node, MB: of each role the biggest; an agent's is that of its pod. */
async function memoryByRole(world) {
  const { name } = JSON.parse(readFileSync(join(world.folder, 'spec.yaml'), 'utf8'));
  const filter = ['--filter', `label=create-mesos-cluster.lab=${name}`];
  const format = '{{.Names}}\t{{.Label "create-mesos-cluster.node"}}';
  const listed = (await run(world, ['docker', 'ps', ...filter, '--format', format], world.folder)).said;
  const nodes = new Map(
    listed
      .trim()
      .split('\n')
      .map((line) => line.split('\t')),
  );
  const stats = ['docker', 'stats', '--no-stream', '--format', '{{.Name}}\t{{.MemUsage}}', ...nodes.keys()];
  const sums = new Map();
  for (const line of (await run(world, stats, world.folder)).said.trim().split('\n')) {
    const [container, usage = ''] = line.split('\t');
    const node = nodes.get(container) ?? container;
    sums.set(node, (sums.get(node) ?? 0) + megabytes(usage));
  }
  const roles = new Map();
  for (const [node, mb] of sums) {
    const role = node.replace(/\d+$/, '');
    roles.set(role, Math.max(roles.get(role) ?? 0, mb));
  }
  return (
    [...roles]
      .map(([role, mb]) => ({ role, mb }))
      // An Engine that cannot read the cgroups of its containers says 0.
      .filter(({ mb }) => mb > 0)
      .sort((one, other) => one.role.localeCompare(other.role))
  );
}

/** `42.16MiB / 2GiB`. */
function megabytes(usage) {
  const [, number = '0', unit = 'MiB'] = /^([\d.]+)([KMG]?i?B)/.exec(usage) ?? [];
  return (Number(number) * { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }[unit]) / 1e6;
}

const lab = (world, ...words) => run(world, [process.execPath, world.program, ...words], world.directory);

/**
 * Runs a command.
 * @returns {Promise<{ ms: number, firstMs?: number, said: string }>} wall time until its end and until it first wrote
 *   to stdout, ms; and its stdout
 * @throws when it fails, with the end of what it said
 */
function run({ folder, signal }, [command, ...words], cwd) {
  // A home of its own: the list of the labs of this machine is not ours to write.
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, words, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const all = { said: '', errors: '' };
    let firstMs;
    child.stdout.on('data', (text) => {
      firstMs ??= performance.now() - start;
      all.said += text;
    });
    child.stderr.on('data', (text) => (all.errors += text));
    let failure;
    child.once('error', (error) => (failure = error));
    child.once('close', (code) => {
      const ms = performance.now() - start;
      if (code === 0) resolve({ ms, firstMs, said: all.said });
      else
        reject(
          failure ??
            new Error(
              `exit code ${code} of ${command} ${words.join(' ')}: ${(all.said + all.errors).trim().slice(-600)}`,
            ),
        );
    });
  });
}
