import type { Problem } from '../../errors/user-error.ts';
import type { FreeSpace } from '../../platform/files/free-space.ts';
import { shellWord } from '../../platform/processes/shell-words.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { FailedStart } from '../cluster-runtime.ts';
import { allFine, portFindings, type Diagnosis, type DoctorQuestion } from '../doctor-facet.ts';
import { diskFull, isFull } from '../full-disk.ts';
import { embeddedCluster, listenersOf } from './embedded-cluster.ts';
import { leftOut } from './plan-to-run.ts';
import { checkPorts, type PortQuestions } from './ports/taken-ports.ts';

interface DiskQuestion {
  readonly freeSpace: FreeSpace;
}

/** Labs without Docker run wherever Node.js does, as long as their ports are free. */
export async function embeddedDoctor(world: PortQuestions & DiskQuestion, { lab }: DoctorQuestion): Promise<Diagnosis> {
  const title = 'labs without Docker (its containers are simulated, commands are real)';
  if (lab === undefined) return { title, findings: [] };
  const full = fullLabDisk(world.freeSpace, lab.directory);
  const disk = full === undefined ? [] : [{ need: 'Disk', ok: false, found: full.message, fix: full.fix ?? '' }];
  return { title, findings: [...disk, ...(lab.running === undefined ? await ports(world, lab.plan) : [lab.running])] };
}

/** What is wrong where the disk of a lab's folder is full. */
export const fullLabDisk = (freeSpace: FreeSpace, directory: string): Problem | undefined =>
  isFull(freeSpace(directory))
    ? diskFull(`of ${directory}`, `make room on it (df -h ${shellWord(directory)}); the lab goes on by itself`)
    : undefined;

/** Without Docker: for labs on one host, if nobody has their ports. */
export async function embeddedInstead(world: PortQuestions, { plan }: FailedStart): Promise<string | undefined> {
  if (plan.placement === 'machines' || !allFine(await ports(world, plan))) return undefined;
  const without = [...new Set(leftOut(plan).map(({ role }) => role))];
  const rest = without.length === 0 ? '' : `, and without ${without.join(' and ')}`;
  return `up --runtime embedded: without Docker, our own engine in one process; Docker tasks are simulated${rest}`;
}

function ports(world: PortQuestions, plan: Plan) {
  const cluster = embeddedCluster(plan, { ownAddresses: false });
  const all = listenersOf(cluster).map(({ port }) => port);
  return portFindings(`${all.join(', ')} are free`, () => checkPorts(plan, cluster, world));
}
