import { portFindings, type Diagnosis, type DoctorQuestion } from '../../doctor-facet.ts';
import { dockerEngine } from '../docker-engine.ts';
import type { DockerWorld } from '../docker-world.ts';
import type { DockerFacts, DockerProblem } from '../preflight/docker-facts.ts';
import { refusals } from '../preflight/refusals.ts';
import { checkPublishedPorts } from '../start/published-ports.ts';
import { factFindings, problemFinding, refusalFinding, setVerdicts } from './docker-findings.ts';

const title = 'labs on one Docker Engine';

/** What this machine's Docker can run, and whether a lab's ports are free on it. */
export async function dockerDoctor(
  world: DockerWorld,
  facts: DockerFacts | DockerProblem,
  { lab, sets }: DoctorQuestion,
): Promise<Diagnosis> {
  if (facts.kind === 'problem') return { title, findings: [problemFinding(facts)] };
  const own =
    lab === undefined ? [] : [...refusals(facts, lab.plan).map(refusalFinding), ...(await portsOf(world, lab))];
  return { title, findings: [...factFindings(facts, world.freeSpace), ...own], sets: setVerdicts(facts, sets()) };
}

async function portsOf(world: DockerWorld, { plan, running }: NonNullable<DoctorQuestion['lab']>) {
  if (running !== undefined) return [running];
  const ports = { ...world, engine: dockerEngine(world) };
  return portFindings(`all are free on ${plan.bind}`, () => checkPublishedPorts(plan, ports));
}
