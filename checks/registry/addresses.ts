import type { Plan } from '../../planning/plan/plan.ts';
import { addonUrl } from '../addons/addon-url.ts';

/** Where the registry of a lab is. */
export interface RegistryAddresses {
  /** From this machine: `http://127.0.0.1:5000`. */
  readonly url: string;
  /** In the names of images, for Docker on this machine: `127.0.0.1:5000`. */
  readonly here: string;
  /** Inside of the lab, where containers reach it: `registry:5000`. */
  readonly inside: string;
  /** In the names of images, for the Engines of the agents: one of these. */
  readonly agents: string;
}

/** Undefined: the lab has no registry. */
export function registryAddresses(plan: Plan): RegistryAddresses | undefined {
  const registry = plan.nodes.flatMap(({ components }) => components).find(({ role }) => role === 'registry');
  const url = addonUrl(plan, 'registry');
  if (registry === undefined || url === undefined) return undefined;
  const { host } = new URL(url);
  const inside = `${registry.host}:${registry.ports[0]?.target ?? 0}`;
  // The Engine of this machine has it at a published port; the agents' own have it under its name.
  return { url, here: host, inside, agents: plan.agentDocker === 'dind' ? inside : host };
}
