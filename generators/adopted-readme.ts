import { clusterPages } from '../planning/catalogue/pages.ts';
import type { Plan } from '../planning/plan/plan.ts';
import type { GeneratedFile } from './generated-file.ts';

/** Text in a Markdown table: nothing of it is markup. */
const cell = (value: string): string => value.replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);

const mostRows = 60;

/** `README.md` of a lab that describes a cluster somebody else runs. */
export function adoptedReadme(plan: Plan): GeneratedFile {
  const { zookeeper } = plan.adopted ?? {};
  const urls = clusterPages(plan).flatMap(({ page, urls: found }) =>
    found.map((url) => [`${page.title}: ${page.shows ?? ''}`, url]),
  );
  const nodes = plan.nodes.map(({ name, address = '', roles }) => [name, address, roles.join(', ')]);
  const rest = nodes.length - mostRows;
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const content = `<!-- Written by create-mesos-cluster from mesos-cluster.yaml. Do not edit: change that file and run \`npm run generate\`. -->

# ${cell(plan.name)}

An Apache Mesos and Marathon cluster that somebody else runs, as \`create-mesos-cluster adopt\` found it.
[mesos-cluster.yaml](mesos-cluster.yaml) describes it, says in comments what could not be known, and is the only file to edit.

## What to do with it

You need Node.js 20.12 or newer; there is nothing to install in this folder.

\`\`\`sh
npm run status      # masters, agents, Marathon, apps and tasks, as they are now
npm run page        # the same in the browser, live
npm run learn       # a course, with the lessons that break nothing of it
npm run verify      # prove that it works: deploys apps and a pod, looks at them, removes them
npm run logs        # what components and apps have written that can be read over HTTP
npm run plan        # the description as a table
\`\`\`

\`verify\`, \`deploy\` and \`scale\` start applications on it, as its users do; \`up\`, \`down\` and whatever else would start or stop
the cluster itself refuse. \`adopt\` itself only looked: it sends GET requests.

When the cluster has changed, describe it anew: \`npx create-mesos-cluster adopt --force URL FOLDER\`.

## Where everything is

| what | URL |
|---|---|
${urls.map(([what = '', url = '']) => `| ${what} | <${url}> |`).join('\n')}

| node | address | roles |
|---|---|---|
${nodes.slice(0, mostRows).map(row).join('\n')}
${rest > 0 ? `\n${String(rest)} more: \`npm run plan\`.\n` : ''}${zookeeper === undefined ? '' : `\nZooKeeper: \`${zookeeper}\`\n`}`;
  return { path: 'README.md', content };
}
