import type { Plan, PlannedComponent, Setting } from '../../planning/plan/plan.ts';
import { agentRange } from '../../planning/plan/lab-network.ts';
import render from '../../templates/task-network.sh.ejs';
import { entry, list, map, merged, type YamlEntry } from '../text/yaml-text.ts';
import {
  commentFor,
  commonEntries,
  dependsOn,
  environmentEntry,
  imageEntries,
  withoutEngineData,
  type ComposeService,
} from './compose-service.ts';
import { healthcheck } from './health-check.ts';

/** Its role, and the name of what all of them have. */
const role = 'task-network';

/** A shell, and Docker clients one after the other. */
const memoryMb = 128;

/** The shell program, as the container gets it; all that it is told is in its environment. */
export const taskNetworkScript = (): string => render({}, String).trimEnd();

/** What it does once all is there. */
const isReady = ['CMD', 'test', '-e', '/tmp/ready'];

/** What those of a lab have in common, once; undefined for a lab without. */
export function taskNetworkAnchor({ engine, agentDocker, agents, taskNetwork }: Plan): YamlEntry | undefined {
  if (taskNetwork === undefined || agentDocker !== 'dind' || agents.length === 0) return undefined;
  const entries = [
    ...imageEntries({ ...engine.image, entrypoint: ['sh', '-c', taskNetworkScript()] }, false),
    entry('privileged', true, 'Sets how the network of its agent answers, as the Engine there does.'),
    withoutEngineData(false),
    healthcheck(isReady),
  ];
  return entry(`x-${role}`, map(entries, role), 'Containers of tasks have addresses of their own.');
}

/**
 * Makes the network of tasks in the Engine of an agent, and makes it again when it is gone. It shares the processes of the
 * pod, so that it ends with it, and comes again with a new one, whose rules and settings are others.
 */
export function taskNetworkService(component: PlannedComponent, plan: Plan): ComposeService {
  const { service, node, ordinal } = component;
  const { subnet, gateway } = agentRange(plan.name, plan.portOffset, ordinal);
  const setting = (name: string, value: string): Setting => ({ name, value, origin: 'derived' });
  const environment = [
    setting('TASK_NETWORK', plan.taskNetwork?.name ?? ''),
    setting('TASK_NETWORK_SUBNET', subnet),
    setting('TASK_NETWORK_GATEWAY', gateway),
  ];
  const pod = `service:${service}-node`;
  return {
    name: `${service}-network`,
    volumes: [],
    body: [
      merged(role),
      entry('network_mode', pod),
      entry('pid', pod),
      environmentEntry(environment, (name) => commentFor(component, name)),
      entry('volumes', list([`${service}-run:/var/run:ro`])),
      dependsOn([
        { name: `${service}-node`, condition: 'service_started', restart: true },
        { name: `${service}-docker`, condition: 'service_started' },
      ]),
      ...commonEntries(node, role, memoryMb),
    ],
  };
}
