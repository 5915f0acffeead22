import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { part, tell } from './measure.mjs';
import { masterFigures } from './scale-master.mjs';
import { simulatedFigures } from './simulated.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Ten times as much may take a little more than ten times as long. */
const mostGrowth = 11;

/** Each with a smaller and a ten times larger size; the first word says what bench/scale/marathon-process.ts measures. */
const comparisons = [
  {
    title: (size) => `${size.join(' offers, ')} instances`,
    sizes: [
      ['offers', 1000, 1000],
      ['offers', 1000, 10_000],
    ],
    unit: 'ms CPU',
  },
  {
    title: (size) => `${size.join(' offers, ')} instances`,
    sizes: [
      ['offers', 1000, 10_000],
      ['offers', 10_000, 100_000],
    ],
    unit: 'ms CPU',
  },
  {
    title: ([offers, instances]) => `GROUP_BY: ${offers} offers, ${instances}`,
    sizes: [
      ['offers', 1000, 1000, 'rack', 'GROUP_BY'],
      ['offers', 1000, 10_000, 'rack', 'GROUP_BY'],
    ],
    unit: 'ms CPU',
  },
  {
    title: ([apps]) => `PUT /v2/groups, ${apps} apps`,
    sizes: [
      ['groups', 200],
      ['groups', 2000],
    ],
    unit: 'ms CPU',
  },
  {
    title: ([apps, instances]) => `POST /v2/apps one by one, ${apps} apps of ${instances}`,
    sizes: [
      ['posts', 200, 1],
      ['posts', 2000, 1],
    ],
    unit: 'ms CPU',
  },
  {
    title: ([agents, instances]) => `cluster: ${agents} agents, ${instances} tasks`,
    sizes: [
      ['cluster', 10, 200],
      ['cluster', 10, 2000],
    ],
    unit: 'ms',
  },
];

/** How the time that the engine takes grows with agents, offers, instances and apps. */
export async function scaleFigures(program) {
  const figures = [
    ...(await simulatedFigures(program, mostGrowth)),
    ...(await part('the master', () => masterFigures(mostGrowth))),
    ...(await part('launches by Marathon alone', launchFigures)),
    ...(await part('Chronos', chronosFigures)),
  ];
  for (const comparison of comparisons) {
    const title = comparison.title(comparison.sizes[0].slice(1));
    figures.push(...(await part(title, () => compare(comparison))));
  }
  return figures;
}

async function compare({ title, sizes, unit }) {
  const [small, large] = [await measure(sizes[0]), await measure(sizes[1])];
  const called = (words, name) => `${title(words.slice(1))}: ${name}`;
  return Object.keys(small).flatMap((name) => [
    { name: called(sizes[0], name), value: small[name], unit },
    { name: called(sizes[1], name), value: large[name], unit },
    { name: '  ten times as much', value: large[name] / small[name], unit: 'x', target: mostGrowth },
  ]);
}

/** Each with its unit, and its target if there is one. */
const launchUnits = {
  cpuPerTask: ['ms CPU a task'],
  perSecond: ['a second'],
  firstThousand: ['ms'],
  lastThousand: ['ms'],
  longestBlock: ['ms', 250],
  waitForApp: ['ms', 100],
  callsPerTask: ['calls a task'],
  rssMb: ['MB'],
};

/** What Marathon alone takes for launches, with its state on the disk. */
async function launchFigures() {
  const figures = [];
  for (const instances of [1000, 10_000]) {
    const found = await measure(['launches', 1000, instances]);
    for (const [name, [unit, target]] of Object.entries(launchUnits)) {
      const called = `launches: 1000 agents, ${instances} tasks: ${name}`;
      figures.push({ name: called, value: found[name], unit, ...(target === undefined ? {} : { target }) });
    }
  }
  return figures;
}

/** Many jobs, of which some are due each second: each is to start within a second, with half a core at most. */
async function chronosFigures() {
  const found = await measure([10_000, 100, 20], 'chronos-process.ts');
  const figure = (name, value, unit, target) => ({
    name: `Chronos: 10000 jobs, 100 a second: ${name}`,
    value,
    unit,
    target,
  });
  return [
    figure('started a second', found.started / 20, 'a second'),
    figure('median lateness', found.medianLateMs, 'ms'),
    figure('longest lateness', found.mostLateMs, 'ms', 1000),
    figure('of a core', found.coreShare, 'x', 0.5),
  ];
}

async function measure(words, file = 'marathon-process.ts') {
  tell(`scale: ${words.join(' ')}`);
  const script = [`${root}scripts/run-ts.mjs`, `${root}bench/scale/${file}`];
  const { stdout } = await run(process.execPath, [...script, ...words.map(String)], { cwd: root });
  return JSON.parse(stdout);
}
