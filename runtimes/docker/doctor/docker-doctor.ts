import { portFindings, type Diagnosis, type DoctorQuestion } from '../../doctor-facet.ts';
import { dockerEngine } from '../docker-engine.ts';
import type { DockerWorld } from '../docker-world.ts';
import { knownLab } from '../lab/find-lab.ts';
import { fullDiskOf } from '../lab/full-disk.ts';
import type { DockerFacts, DockerProblem } from '../preflight/docker-facts.ts';
import { refusals } from '../preflight/refusals.ts';
import { checkPublishedPorts } from '../start/published-ports.ts';
import { factFindings, problemFinding, refusalFinding, setVerdicts } from './docker-findings.ts';

const title = 'labs on one Docker Engine';

/** What this machine's Docker can run, and whether a lab's ports are free on it. */
export async function dockerDoctor(
  world: DockerWorld,
  facts: DockerFacts | DockerProblem,
  { lab, sets, signal }: DoctorQuestion,
): Promise<Diagnosis> {
  if (facts.kind === 'problem') return { title, findings: [problemFinding(facts)] };
  const own =
    lab === undefined
      ? []
      : [
          ...refusals(facts, lab.plan).map(refusalFinding),
          ...(await diskOf(world, lab, signal)),
          ...(await portsOf(world, lab)),
        ];
  return { title, findings: [...factFindings(facts, world.freeSpace), ...own], sets: setVerdicts(facts, sets()) };
}

/** Of a lab that runs: its volumes may be on a disk of their own. */
async function diskOf(world: DockerWorld, { directory }: NonNullable<DoctorQuestion['lab']>, signal: AbortSignal) {
  const engine = dockerEngine(world);
  const { containers } = await knownLab(world, engine, directory);
  const full = containers.length === 0 ? undefined : await fullDiskOf(engine, containers, { ...world, signal });
  return full === undefined ? [] : [{ need: 'Disk of the lab', ok: false, found: full.message, fix: full.fix ?? '' }];
}

async function portsOf(world: DockerWorld, { plan, running }: NonNullable<DoctorQuestion['lab']>) {
  if (running !== undefined) return [running];
  const ports = { ...world, engine: dockerEngine(world) };
  return portFindings(`all are free on ${plan.bind}`, () => checkPublishedPorts(plan, ports));
}
