import type { Plan } from '../../planning/plan/plan.ts';
import type { FailedStart } from '../cluster-runtime.ts';
import { allFine, portFindings, type Diagnosis, type DoctorQuestion } from '../doctor-facet.ts';
import { embeddedCluster, listenersOf } from './embedded-cluster.ts';
import { leftOut } from './plan-to-run.ts';
import { checkPorts, type PortQuestions } from './taken-ports.ts';

/** Labs without Docker run wherever Node.js does, as long as their ports are free. */
export async function embeddedDoctor(world: PortQuestions, { lab }: DoctorQuestion): Promise<Diagnosis> {
  const title = 'labs without Docker (its containers are simulated, commands are real)';
  if (lab === undefined) return { title, findings: [] };
  return { title, findings: lab.running === undefined ? await ports(world, lab.plan) : [lab.running] };
}

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
