import { textAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { isDependent, type Job } from '../jobs/job.ts';
import { stateOfJob } from '../runs/runs.ts';
import type { ApiContext } from './api-context.ts';
import { lastStateOf } from './jobs-routes.ts';

/** The graph as text (GraphManagementResource.scala and Exporter.scala of Chronos). */
export const graphRoutes = (context: ApiContext, base: string): readonly Route[] => [
  route('GET', `${base}/graph/dot`, () => textAnswer(200, dotOf(context.leader().shared.book.list()))),
  route('GET', `${base}/graph/csv`, () => {
    const { book, runs } = context.leader().shared;
    const jobs = book.list();
    const nodes = jobs.map((job) => `node,${job.name},${lastStateOf(job)},${stateOfJob(runs, job.name)}\n`);
    const links = linksOf(jobs).map(([parent, child]) => `link,${parent},${child}\n`);
    return textAnswer(200, [...nodes, ...links].join(''));
  }),
];

const linksOf = (jobs: readonly Job[]): readonly (readonly [string, string])[] =>
  jobs.flatMap((job) => (isDependent(job) ? job.parents.map((parent) => [parent, job.name] as const) : []));

/** As jgrapht's DOTExporter with numbers for vertices. */
function dotOf(jobs: readonly Job[]): string {
  const numbers = new Map(jobs.map(({ name }, index) => [name, index + 1]));
  const vertices = jobs.map(({ name }, index) => `  ${index + 1} [label="${name}"];\n`);
  const edges = linksOf(jobs).map(([parent, child]) => `  ${numbers.get(parent)} -> ${numbers.get(child)};\n`);
  return `digraph G {\n${[...vertices, ...edges].join('')}}\n`;
}
