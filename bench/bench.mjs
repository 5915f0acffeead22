import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dockerFigures } from './docker.mjs';
import { embeddedFigures } from './embedded.mjs';
import { hostsFigures } from './hosts.mjs';
import { countsSpec, hostsSpec } from './large-specs.mjs';
import { compareCpu, cpuAndMemory, inFreshFolder, tell } from './measure.mjs';
import { mesosDnsFigures } from './mesos-dns.mjs';
import { metricsFigures } from './metrics.mjs';
import { pageFigures } from './page.mjs';
import { scaleFigures } from './scale.mjs';

/*
 * npm run bench [-- --json] [-- --rounds N] [-- --only start|tarball|plan-hosts|plan-docker|embedded|docker|hosts|mesos-dns|scale|page]: measures the built program,
 * where there are rivals against them in the same run, and marks what is over its target. On stderr it says where it is.
 * It measures, it does not judge: it exits 0.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/create-mesos-cluster.cjs');
const node = process.execPath;
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '31' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds);

/** @typedef {{ name: string, value: number, unit: string, target?: number }} Figure */

function start() {
  const createVite = join(root, 'node_modules/create-vite/index.js');
  const times = compareCpu(
    {
      node: [node, '-e', '0'],
      vite: [node, createVite, 'app', '--template', 'vanilla-ts', '--no-interactive'],
      lab: [node, program, 'lab', '--yes'],
      help: [node, program, '--help'],
      version: [node, program, '--version'],
    },
    rounds,
  );
  const ms = (name, key) => ({ name, value: times[key].medianMs, unit: 'ms CPU' });
  const ratio = (name, key, rival, target) => ({
    name,
    value: times[key].medianMs / times[rival].medianMs,
    unit: 'x',
    ...(target === undefined ? {} : { target }),
  });
  return [
    ms('node -e 0', 'node'),
    ms('create-vite, vanilla-ts', 'vite'),
    ms('create-mesos-cluster lab --yes', 'lab'),
    ms('create-mesos-cluster --help', 'help'),
    ms('create-mesos-cluster --version', 'version'),
    ratio('lab / create-vite', 'lab', 'vite', 1.25),
    ratio('create-vite / node', 'vite', 'node'),
    ratio('lab / node', 'lab', 'node', 1.75),
    ratio('--help / node', 'help', 'node', 1.15),
    ratio('--version / node', 'version', 'node', 1.15),
  ];
}

function tarball() {
  return inFreshFolder((folder) => {
    const npm = (...args) =>
      execFileSync('npm', args, { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    const packed = JSON.parse(npm('pack', root, '--json', '--ignore-scripts', '--pack-destination', folder));
    const [{ filename, size, unpackedSize }] = Object.values(packed);
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    npm('install', '--no-audit', '--no-fund', join(folder, filename));
    const installed = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')).packages;
    return [
      { name: 'tarball', value: size / 1e6, unit: 'MB' },
      { name: 'tarball, unpacked', value: unpackedSize / 1e6, unit: 'MB', target: 1.6 },
      { name: 'packages installed', value: Object.keys(installed).length, unit: '', target: 1 },
    ];
  });
}

const few = 500;
const many = 10_000;

function scaleOf(runtime, spec) {
  return inFreshFolder((folder) => {
    const measure = (nodes, times) => {
      tell(`${runtime}: ${nodes} nodes, ${times} runs`);
      const file = join(folder, `${nodes}.yaml`);
      writeFileSync(file, spec(nodes));
      return cpuAndMemory([node, program, 'lab', '--spec', file, '--yes'], times);
    };
    const small = measure(few, 7);
    const large = measure(many, 3);
    return [
      { name: `${runtime}: ${few} nodes`, value: small.cpuMs, unit: 'ms CPU' },
      { name: `${runtime}: ${many} nodes`, value: large.cpuMs, unit: 'ms CPU' },
      { name: `${runtime}: ${many} / ${few} nodes`, value: large.cpuMs / small.cpuMs, unit: 'x', target: 20 },
      { name: `${runtime}: ${many} nodes, peak memory`, value: large.peakMb, unit: 'MB', target: 600 },
    ];
  });
}

/** A group that cannot be measured is told as such; the others still are. */
async function group(title, measure) {
  try {
    return { title, figures: await measure() };
  } catch (error) {
    return { title, figures: [], failed: error.message };
  }
}

const isOver = ({ value, target }) => target !== undefined && value > target;

function table({ title, figures, failed }) {
  const rows = figures.map((figure) => {
    const value = figure.value.toFixed(figure.unit === '' ? 0 : ['x', 'MB', 's'].includes(figure.unit) ? 2 : 1);
    const target = figure.target === undefined ? '' : `at most ${figure.target}${isOver(figure) ? '  OVER' : ''}`;
    return `  ${figure.name.padEnd(34)}${value.padStart(9)} ${figure.unit.padEnd(8)}${target}`.trimEnd();
  });
  return [title, ...rows, ...(failed === undefined ? [] : [`  FAILED  ${failed}`]), ''].join('\n');
}

if (!existsSync(program)) execFileSync(node, [join(root, 'scripts/build/build.mjs')], { stdio: 'inherit' });
const measurements = Object.entries({
  start: [`Start: whole-process CPU time, median of ${rounds} runs in turn, Node.js ${process.versions.node}`, start],
  tarball: ['Tarball', tarball],
  'plan-hosts': ['Scale: plan and files from a spec, an Engine per node', () => scaleOf('hosts', hostsSpec)],
  'plan-docker': ['Scale: plan and files from a spec, one Engine', () => scaleOf('docker', countsSpec)],
  embedded: [
    'Labs without Docker: wall time, and memory of the process and its tasks; medians of 9 runs at most',
    async () => [
      ...(await embeddedFigures(program, 'single', rounds)),
      ...(await embeddedFigures(program, 'ha', rounds)),
    ],
  ],
  docker: [
    'Labs on Docker, image set lite: wall time with all images there, and memory by role; medians of 5 runs at most',
    async () => [...(await dockerFigures(program, 'single', rounds)), ...(await dockerFigures(program, 'ha', rounds))],
  ],
  metrics: ['The exporter of metrics, as a process of its own', () => metricsFigures(program)],
  'mesos-dns': ['Mesos-DNS, as a process of its own', () => mesosDnsFigures(program)],
  hosts: [
    'Labs on several hosts, image set lite: wall time with all images there; medians of 5 runs at most',
    () => hostsFigures(program, rounds),
  ],
  scale: ['The engine: how the time grows with agents, offers, instances and apps', () => scaleFigures(program)],
  page: ['The page of a lab, in Chromium', () => pageFigures(program)],
}).filter(([name]) => values.only === undefined || values.only === name);
const groups = [];
for (const [name, [title, measure]] of measurements) {
  tell(`Measuring ${name}`);
  groups.push(await group(title, measure));
}

if (values.json) {
  const figures = groups.map((each) => ({
    ...each,
    figures: each.figures.map((figure) => ({ ...figure, over: isOver(figure) })),
  }));
  console.log(JSON.stringify({ node: process.versions.node, rounds, groups: figures }, undefined, 2));
} else {
  console.log(groups.map(table).join('\n'));
}
