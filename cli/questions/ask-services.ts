import { checkbox, select } from '@inquirer/prompts';
import { imageSets } from '../../planning/catalogue/image-sets.ts';
import {
  addons,
  componentOf,
  imageSetNames,
  vagrantProviders,
  type VagrantProvider,
} from '../../planning/catalogue/roles.ts';
import { fastSilenceMs } from '../../planning/components/fast-timing.ts';
import { silenceMs } from '../../protocol/mesos-defaults.ts';
import { described, isGiven, planOf, unlessDefault, type Asking, type Question } from './asking.ts';
import type { FlagUse } from '../command-line/command-line.ts';

/** Which images play the roles. */
export const askImageSet: Question = async ({ prompt }, uses) => {
  if (isGiven(uses, 'image-set')) return [];
  const choices = imageSetNames.map((value) => ({ value, description: imageSets[value].title }));
  const answer = await prompt((terminal) =>
    select({ message: 'Images', choices: described(choices, terminal), default: 'clusterd' }, terminal),
  );
  return unlessDefault('image-set', answer, 'clusterd');
};

/** Which services beside the cluster. */
export const askAddons: Question = async ({ prompt }, uses) => {
  if (isGiven(uses, 'addon')) return [];
  const plan = await planOf(uses);
  const onNodes = plan.nodes.flatMap(({ roles }) => roles);
  const choices = addons
    .filter((addon) => plan.addons.includes(addon) || !onNodes.includes(addon))
    .map((value) => ({ value, description: componentOf[value].summary ?? '', checked: plan.addons.includes(value) }));
  const answer = await prompt((terminal) =>
    checkbox({ message: 'Add-ons', choices: described(choices, terminal) }, terminal),
  );
  return unlessDefault('addon', answer.join(',') || 'none', plan.addons.join(',') || 'none');
};

/** What only one kind of lab has: the provider of virtual machines, or the timing on one host. */
export const askMachines: Question = async (asking, uses) => {
  const plan = await planOf(uses);
  if (plan.vagrant !== undefined) return askProvider(asking, uses, plan.vagrant.provider);
  return plan.placement === 'one-host' ? askTiming(asking, uses) : [];
};

async function askProvider(
  { prompt }: Asking,
  uses: readonly FlagUse[],
  usual: VagrantProvider,
): Promise<readonly FlagUse[]> {
  if (isGiven(uses, 'vagrant')) return [];
  const choices = vagrantProviders.map((value) => ({ value }));
  const message = 'Vagrant provider';
  const answer = await prompt((terminal) => select({ message, choices, default: usual }, terminal));
  return unlessDefault('vagrant', answer, usual);
}

async function askTiming({ prompt }: Asking, uses: readonly FlagUse[]): Promise<readonly FlagUse[]> {
  if (isGiven(uses, 'timing')) return [];
  const choices = [
    { value: 'standard', description: `Mesos's own: a lost agent is noticed after ${silenceMs / 1000} seconds` },
    { value: 'fast', description: `a lost agent is noticed after ${fastSilenceMs / 1000} seconds: for workshops` },
  ];
  const message = 'Timing';
  const answer = await prompt((terminal) =>
    select({ message, choices: described(choices, terminal), default: 'standard' }, terminal),
  );
  return unlessDefault('timing', answer, 'standard');
}
