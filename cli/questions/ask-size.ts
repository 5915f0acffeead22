import { input, select } from '@inquirer/prompts';
import { isUserError } from '../../errors/user-error.ts';
import { presets } from '../../planning/catalogue/presets.ts';
import { presetNames } from '../../planning/catalogue/roles.ts';
import { described, isGiven, messageOf, planOf, unlessDefault, use, type Question } from './asking.ts';
import type { FlagUse } from '../command-line/command-line.ts';
import { isValueProblem } from '../command-line/flag-values.ts';

/** Which ready-made system to start from. */
export const askPreset: Question = async ({ prompt }, uses) => {
  if (isGiven(uses, 'preset', 'node')) return [];
  const choices = presetNames.map((value) => ({ value, description: presets[value].title }));
  const answer = await prompt((terminal) =>
    select({ message: 'Preset', choices: described(choices, terminal), default: 'single' }, terminal),
  );
  return unlessDefault('preset', answer, 'single');
};

/** How many masters: of presets on one host. */
export const askMasters: Question = async ({ prompt }, uses) => {
  const plan = await planOf(uses);
  if (plan.placement !== 'one-host' || isGiven(uses, 'masters', 'node')) return [];
  const choices = [
    { value: '1', description: 'no failover' },
    { value: '3', description: 'quorum 2: one may fail' },
    { value: '5', description: 'quorum 3: two may fail' },
  ];
  const usual = String(plan.masterCount);
  const answer = await prompt((terminal) =>
    select({ message: 'Mesos masters', choices: described(choices, terminal), default: usual }, terminal),
  );
  return unlessDefault('masters', answer, usual);
};

/** How many agents: of presets on one host. */
export const askAgents: Question = async ({ prompt }, uses) => {
  const plan = await planOf(uses);
  if (plan.placement !== 'one-host' || isGiven(uses, 'agents', 'node')) return [];
  const usual = String(plan.agents.length);
  const validate = (typed: string) => checkAnswer(uses, 'agents', typed);
  const answer = await prompt((terminal) => input({ message: 'Mesos agents', default: usual, validate }, terminal));
  return unlessDefault('agents', answer, usual);
};

/** The same checks as for the flag: its reader, and the whole spec with it. */
async function checkAnswer(uses: readonly FlagUse[], name: string, typed: string): Promise<true | string> {
  const answer = use(name, typed);
  const read = answer.flag.read?.(typed) ?? [];
  if (isValueProblem(read)) return `must be ${read.allowed}`;
  try {
    await planOf([...uses, answer]);
    return true;
  } catch (error) {
    if (isUserError(error)) return messageOf(error);
    throw error;
  }
}
