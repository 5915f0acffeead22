import { portFindings, type Diagnosis, type DoctorQuestion } from '../doctor-facet.ts';
import { embeddedCluster, listenersOf } from './embedded-cluster.ts';
import { checkPorts, type PortQuestions } from './taken-ports.ts';

/** Labs without Docker run wherever Node.js does, as long as their ports are free. */
export async function embeddedDoctor(world: PortQuestions, { lab }: DoctorQuestion): Promise<Diagnosis> {
  const title = 'labs without Docker (its containers are simulated, commands are real)';
  if (lab === undefined) return { title, findings: [] };
  if (lab.running !== undefined) return { title, findings: [lab.running] };
  const cluster = embeddedCluster(lab.plan, { ownAddresses: false });
  const ports = listenersOf(cluster).map(({ port }) => port);
  const findings = await portFindings(`${ports.join(', ')} are free`, () => checkPorts(lab.plan, cluster, world));
  return { title, findings };
}
