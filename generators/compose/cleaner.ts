import type { Plan, PlannedComponent, Setting } from '../../planning/plan/plan.ts';
import { commentOf } from '../../planning/explain/setting-reasons.ts';
import render from '../../templates/cleaner.sh.ejs';
import { entry, flow, list, map, merged, type YamlEntry } from '../text/yaml-text.ts';
import {
  commonEntries,
  dependsOn,
  environmentEntry,
  imageEntries,
  withoutEngineData,
  type ComposeService,
} from './compose-service.ts';

/** Its role, and the name of what all of them have. */
const role = 'cleaner';

/** A shell, and Docker clients one after the other. */
const memoryMb = 128;

/** The shell program, as the container gets it; all that it is told is in its environment. */
export const cleanerScript = (): string => render({}, String).trimEnd();

/** What the cleaners of a lab have in common, once; undefined for a lab without. */
export function cleanerAnchor(plan: Plan): YamlEntry | undefined {
  const { engine, cleaner } = plan;
  if (cleaner === undefined || plan.agents.length === 0) return undefined;
  const setting = (name: string, value: string | number): Setting => ({
    name,
    value: String(value),
    origin: 'derived',
  });
  const environment = [
    setting('CLEANER_CONTAINERS', cleaner.containers),
    setting('CLEANER_AGE_SECONDS', cleaner.ageSeconds),
    setting('CLEANER_IMAGES_MB', cleaner.danglingImagesMb),
    setting('CLEANER_WORK_DIR', plan.workDir),
  ];
  const entries = [
    ...imageEntries({ ...engine.image, entrypoint: ['sh', '-c', cleanerScript()] }, false),
    entry('network_mode', 'none'),
    entry('read_only', true),
    entry('cap_drop', flow(['ALL'])),
    entry('security_opt', flow(['no-new-privileges:true'])),
    environmentEntry(environment, commentOf),
    withoutEngineData(false),
  ];
  return entry(`x-${role}`, map(entries, role), 'What ends in a crash loop must not fill the disk.');
}

/**
 * Removes what has ended from the Engine of an agent: it has the socket of that Engine and nothing else. It shares the
 * processes of the pod, so that it ends with it: the folder of the socket is gone only when nobody uses it any more.
 */
export function cleanerService({ service, node }: PlannedComponent): ComposeService {
  return {
    name: `${service}-${role}`,
    volumes: [],
    body: [
      merged(role),
      entry('pid', `service:${service}-node`),
      entry('volumes', list([`${service}-run:/var/run:ro`])),
      dependsOn([
        { name: `${service}-node`, condition: 'service_started', restart: true },
        { name: `${service}-docker`, condition: 'service_started' },
      ]),
      ...commonEntries(node, role, memoryMb),
    ],
  };
}
