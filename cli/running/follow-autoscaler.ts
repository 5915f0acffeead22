import { addonUrl } from '../../checks/addons/addon-url.ts';
import { clusterClient, type ClusterClient } from '../../checks/cluster-client.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { integerAt, listAt, textAt, valueAt } from '../../protocol/json.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { counted } from '../lab/describe-plan.ts';
import { changeAgents, type AgentsTask } from './change-agents.ts';
import { whyNot, type Wish } from './agents-wish.ts';
import { labThere } from './lab-there.ts';

/** Between two looks at the decisions. */
const lookMs = 1000;
/** So many without an answer, and it is looked whether the lab is there at all. */
const looksToAsk = 10;

/**
 * `scale agents auto`: follows the decisions of the lab's autoscaler until Ctrl-C, and carries them out as `scale agents N`.
 * It runs where a person has started it, with what that person may do: a container of a lab has no means to make agents.
 */
export async function followAutoscaler(context: Context, line: CommandLine, directory: string): Promise<number> {
  const reporter = reporterFor(context, line);
  const task: AgentsTask = { context, line, directory, reporter };
  const find = async () => decisionsOf((await labThere(context, line, directory)).lab.plan);
  let url = await find();
  const client = clusterClient();
  const told = (text: string) => {
    context.stdout.write(`${text}\n`);
  };
  told(`Following the decisions at ${url}, until Ctrl-C.`);
  let said = '';
  const once = (text: string) => {
    if (text !== said) reporter.note(text);
    said = text;
  };
  let silent = 0;
  let notBefore = -Infinity;
  while (!context.signal.aborted) {
    const wish = await ask(client, url, context.signal).catch((error: unknown) => {
      if (!context.signal.aborted) once(`The autoscaler does not answer: ${reasonOf(error)}`);
      return 'silence' as const;
    });
    silent = wish === 'silence' ? silent + 1 : 0;
    // Whoever has ended the lab has ended this.
    if (silent >= looksToAsk) {
      silent = 0;
      url = await find();
    }
    if (typeof wish === 'object' && systemClock.now() >= notBefore) {
      const failed = await carryOut(task, wish, told);
      if (failed !== undefined) {
        once(failed);
        notBefore = systemClock.now() + pauseMs;
      }
    }
    await systemClock.sleep(lookMs, context.signal).catch(() => undefined);
  }
  return exitCodes.ok;
}

/** What failed is tried again after this, if it is wanted then. */
const pauseMs = 10_000;

/** @returns why it was not done; undefined: it was */
async function carryOut(task: AgentsTask, wish: Wish, told: (text: string) => void): Promise<string | undefined> {
  const { from, to, reason } = wish;
  try {
    await changeAgents(task, to, (step) => {
      const why = whyNot(step, wish);
      if (why !== undefined) throw new NotNow(why);
      task.reporter.note(`${from} → ${to}: ${reason}`);
    });
    told(`${counted(to, 'agent')} ${to === 1 ? 'is' : 'are'} registered, where there were ${from}: ${reason}`);
    return undefined;
  } catch (error) {
    if (error instanceof NotNow) return error.message;
    if (!isUserError(error) || task.context.signal.aborted) throw error;
    const [{ code, message, found, fix }] = error.problems;
    const seen = found === undefined ? '' : ` (found ${found})`;
    return `${counted(to, 'agent')} could not be had: ${code}: ${message}${seen}${fix === undefined ? '' : `; ${fix}`}`;
  }
}

/** It is wanted, and not done. */
class NotNow extends Error {
  override readonly name = 'NotNow';
}

/** @throws UserError when the lab has nobody who would decide */
function decisionsOf(plan: Plan): string {
  const url = addonUrl(plan, 'autoscaler');
  if (url !== undefined && plan.agentBounds !== undefined) return `${url}/v1/decisions`;
  const count = plan.agents.length;
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'the lab that runs has no autoscaler that decides how many agents there should be',
    found: url === undefined ? 'no add-on autoscaler' : 'no autoscale.agents',
    allowed: 'labs with addons: [autoscaler] and autoscale.agents: {min, max}',
    fix: `write autoscale: {agents: {min: ${count}, max: ${count + 2}}} and addons: [autoscaler] into mesos-cluster.yaml, then generate, down and up`,
  });
}

/** @returns what is wanted, if anything is. @throws Error when there is no answer, or none of an autoscaler that decides this */
async function ask(client: ClusterClient, url: string, signal: AbortSignal): Promise<Wish | undefined> {
  const { json, status } = await client.ask(url, signal);
  const agents = valueAt(json, 'agents');
  if (agents === undefined) throw new Error(`${url} answers ${status}, and nothing of agents`);
  const decision = valueAt(agents, 'decision');
  const [from, to] = [integerAt(decision, 'from'), integerAt(decision, 'to')];
  if (textAt(decision, 'kind') !== 'scale' || from === undefined || to === undefined || to < 1) return undefined;
  const leaving = listAt(decision, 'leaving').filter((name) => typeof name === 'string');
  return { from, to, reason: textAt(decision, 'reason') ?? '', leaving };
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
