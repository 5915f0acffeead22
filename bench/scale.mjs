import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tell } from './measure.mjs';
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
  const figures = [...(await masterFigures(mostGrowth)), ...(await simulatedFigures(program, mostGrowth))];
  for (const { title, sizes, unit } of comparisons) {
    const [small, large] = [await measure(sizes[0]), await measure(sizes[1])];
    for (const name of Object.keys(small)) {
      const called = (words) => `${title(words.slice(1))}: ${name}`;
      figures.push(
        { name: called(sizes[0]), value: small[name], unit },
        { name: called(sizes[1]), value: large[name], unit },
        { name: '  ten times as much', value: large[name] / small[name], unit: 'x', target: mostGrowth },
      );
    }
  }
  return figures;
}

async function measure(words) {
  tell(`scale: ${words.join(' ')}`);
  const script = [`${root}scripts/run-ts.mjs`, `${root}bench/scale/marathon-process.ts`];
  const { stdout } = await run(process.execPath, [...script, ...words.map(String)], { cwd: root });
  return JSON.parse(stdout);
}
