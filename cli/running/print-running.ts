import { addonPages, clusterPages } from '../../planning/catalogue/pages.ts';
import type { VerifyResult } from '../../checks/verify/verify.ts';
import type { Context } from '../../platform/context.ts';
import type { RunningLab } from '../../runtimes/cluster-runtime.ts';
import { simulationText } from '../../planning/plan/plan-simulated-agents.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { verifySummary } from './run-verify.ts';

/** The URLs that answer here: not those that the components use among themselves. */
export function openedUrls({ urls }: Plan) {
  const { masters, marathons, agents, loadBalancers, services, addons } = urls;
  return { masters, marathons, agents, loadBalancers, services, ...(addons.length === 0 ? {} : { addons }) };
}

/** How many agents are simulated, for programs. */
export const simulatedIn = ({ simulatedAgents }: Plan) =>
  simulatedAgents === undefined ? {} : { simulatedAgents: simulatedAgents.count };

/** Prints the result of `up`: the evidence, and where everything is; with --quiet only what is wrong. */
export function printRunning(
  { stdout }: Pick<Context, 'stdout'>,
  line: CommandLine,
  lab: Pick<RunningLab, 'plan' | 'processId' | 'runtime' | 'target' | 'page'>,
  result: VerifyResult,
): void {
  const { plan, processId, runtime, target, page } = lab;
  if (isOn(line, 'json')) {
    const urls = openedUrls(plan);
    const data = { name: plan.name, runtime, processId, page, urls, ...simulatedIn(plan), verify: result };
    stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
    return;
  }
  if (isOn(line, 'quiet') && result.outcome === 'passed') return;
  const services = { short: 'First service port', urls: plan.urls.services };
  const { dns } = target.mesosDns ?? {};
  // For Docker's containers Mesos-DNS is where they ask anyway, and nothing of it is published.
  const names = { short: 'DNS', urls: dns === undefined ? [] : [dns] };
  const rows = [...clusterPages(plan), services, ...addonPages(plan), names].flatMap(({ short, urls }) =>
    urls.length === 0 ? [] : [`  ${short.padEnd(20)}${urls.join('  ')}\n`],
  );
  stdout.write(`${verifySummary(result)}\nThe lab runs:\n${rows.join('')}`);
  if (page !== undefined) stdout.write(`  ${'Page of the lab'.padEnd(20)}${page}\n`);
  if (plan.simulatedAgents !== undefined)
    stdout.write(`  ${'Beside them'.padEnd(20)}${simulationText(plan.simulatedAgents)}\n`);
  if (result.outcome === 'failed')
    stdout.write('\nIt was left running, to be looked at: npm run logs, npm run status\n');
  stdout.write('\nNext: npm run status, npm run logs, npm run verify, npm run down\n');
}
