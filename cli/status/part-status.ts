import { actedOn, type LabPart, type RunningLab } from '../../runtimes/cluster-runtime.ts';
import type { PlannedComponent } from '../../planning/plan/plan.ts';
import type { Role } from '../../planning/catalogue/roles.ts';

/** A component of a lab, as it is now. */
export interface ComponentStatus {
  readonly id: string;
  readonly node: string;
  readonly role: Role;
  /** `leads`, `stands by`, `active`, `serves`; or why it does not. */
  readonly state: string;
  readonly ok: boolean;
  readonly url: string;
  /** Of agents: `cpus 0.1 of 2, mem 10 of 1024, 1 task`. */
  readonly detail?: string;
}

/** A part of a lab that has a state of its own, with what its component answers, if it is one that can be asked. */
export interface PartStatus extends LabPart {
  readonly ok: boolean;
  readonly answer: string;
}

/**
 * What must not be: a part that does not run, or one that is ill. What has just been started counts as well if it
 * answers, or the agent that needs it: Docker itself looks for the first time when its interval is over.
 */
export function partStatuses(
  { plan, parts }: Pick<RunningLab, 'plan' | 'parts'>,
  components: readonly ComponentStatus[],
): readonly PartStatus[] {
  const services = new Map(plan.nodes.flatMap((node) => node.components.map(({ id, service }) => [service, id])));
  return parts.map((part) => {
    const component = components.find(({ id }) => id === (services.get(part.id) ?? part.id));
    const needer = component ?? components.find(({ node, role }) => node === part.node && role === 'mesos-agent');
    const isIll = part.detail.includes('(unhealthy)');
    const isUnknown = part.detail.includes('(health: starting)') && needer?.ok !== true;
    const ok = part.state === 'running' && !isIll && !isUnknown && component?.ok !== false;
    return { ...part, ok, answer: component?.state ?? '' };
  });
}

/** What a component was stopped, killed, paused or cut off by; undefined: nobody did. */
export function actedOnState(
  { parts }: Pick<RunningLab, 'parts'>,
  { id, service }: Pick<PlannedComponent, 'id' | 'service'>,
): string | undefined {
  return parts.find((part) => (part.id === id || part.id === service) && actedOn.has(part.state))?.state;
}
