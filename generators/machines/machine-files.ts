import type { Plan } from '../../planning/plan/plan.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { nativeConfig } from '../native/native-config.ts';
import { provisioning } from './provisioning.ts';
import { vagrantfile } from './vagrantfile.ts';

/** What virtual machines and installations from packages need; most labs are on one host and have neither. */
export function machineFiles(plan: Plan): readonly GeneratedFile[] {
  return [
    ...(plan.vagrant === undefined ? [] : [vagrantfile(plan), provisioning(plan)]),
    ...(plan.nativeConfig ? nativeConfig(plan) : []),
  ];
}
