import { exitCodes } from '../../errors/exit-codes.ts';
import type { Context } from '../../platform/context.ts';
import { freeSpace } from '../../platform/files/free-space.ts';
import { coloursFor } from '../../platform/terminal.ts';
import { inspectDocker } from '../../runtimes/docker/preflight/inspect-docker.ts';
import { refusals } from '../../runtimes/docker/preflight/refusals.ts';
import { vagrantFacts } from '../../runtimes/hosts/preflight/vagrant-facts.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import type { Finding } from '../doctor/finding.ts';
import { factFindings, problemFinding, refusalFinding, setVerdicts } from '../doctor/docker-findings.ts';
import { canRun, verdictOfLab, wayText, type Way } from '../doctor/doctor-text.ts';
import { hostsFindings } from '../doctor/hosts-findings.ts';
import { checkNode, dockerPorts, embeddedPorts, runningFinding, vagrantFindings } from '../doctor/machine-findings.ts';
import { planOfLab } from '../lab/open-lab.ts';
import { labDirectory } from '../lab/plan-source.ts';
import { isLab, notALab, readLabSpec } from '../lab/read-spec.ts';
import { hostsWorld } from '../running/runtimes.ts';
import { vagrantLabFindings } from '../doctor/vagrant-findings.ts';

/** The lab that is asked about. */
interface Patient {
  readonly spec: ClusterSpec;
  readonly plan: Plan;
  /** Absolute. */
  readonly directory: string;
  /** That it runs, if it does. */
  readonly running: Finding | undefined;
}

/**
 * `doctor`: what this machine can run, and for each thing it cannot: why, and what to do. In a lab only the ways that
 * the lab can be run in count. Starts nothing. Exit code 3 when there is none.
 */
export const doctor: Command = async (context, line) => {
  const patient = await patientOf(context, line);
  const ways = await waysFor(context, patient);
  if (isOn(line, 'json')) {
    const data = ways.map((way) => ({
      runtime: way.name,
      can: canRun(way),
      findings: way.findings,
      ...(way.sets === undefined ? {} : { imageSets: way.sets }),
    }));
    const lab = patient === undefined ? {} : { lab: { name: patient.plan.name, can: ways.some(canRun) } };
    context.stdout.write(`${JSON.stringify({ ...lab, runtimes: data }, undefined, 2)}\n`);
  } else {
    const colours = coloursFor(context.stdout, context.env, !isOn(line, 'no-color'));
    const verdict = patient === undefined ? '' : verdictOfLab(patient.plan, ways, colours);
    context.stdout.write(verdict + ways.map((way) => wayText(way, colours)).join(''));
  }
  return ways.some(canRun) ? exitCodes.ok : exitCodes.machine;
};

async function patientOf(context: Context, line: CommandLine): Promise<Patient | undefined> {
  const directory = labDirectory(context, line);
  if (!isLab(context, directory)) {
    // Who names a lab asks about it, and not about the machine.
    if (textOf(line, 'lab') !== undefined) throw notALab(context, directory);
    return undefined;
  }
  const { spec } = await readLabSpec(context, directory);
  const plan = await planOfLab(context, line, directory);
  return {
    spec,
    plan,
    directory,
    running: plan.placement === 'machines' ? undefined : await runningFinding(context, directory),
  };
}

async function waysFor(context: Context, patient: Patient | undefined): Promise<readonly Way[]> {
  if (patient?.plan.placement === 'machines') {
    return [await (patient.plan.vagrant === undefined ? hostsWay : vagrantLabWay)(context, patient)];
  }
  // One after the other: each tries to listen on the ports of the lab for a moment.
  const ownWays = async () => [await dockerWay(context, patient), await embeddedWay(context, patient)];
  const [ways, vagrant] = await Promise.all([ownWays(), patient === undefined ? vagrantWay(context) : undefined]);
  return vagrant === undefined ? ways : [...ways, vagrant];
}

async function dockerWay(context: Context, patient: Patient | undefined): Promise<Way> {
  const head = { name: 'docker', title: 'labs on one Docker Engine' } as const;
  const facts = await inspectDocker(context);
  if (facts.kind === 'problem') return { ...head, findings: [checkNode(context), problemFinding(facts)] };
  const own =
    patient === undefined
      ? []
      : [
          ...refusals(facts, patient.plan).map(refusalFinding),
          ...(patient.running === undefined ? await dockerPorts(context, patient.plan) : [patient.running]),
        ];
  const spec = patient?.spec ?? { name: 'lab' };
  const sets = setVerdicts(facts, (set) => planCluster({ ...spec, images: { ...spec.images, set } }));
  return { ...head, findings: [checkNode(context), ...factFindings(facts, freeSpace), ...own], sets };
}

async function embeddedWay(context: Context, patient: Patient | undefined): Promise<Way> {
  const portsOf = async ({ plan, running }: Patient) =>
    running === undefined ? await embeddedPorts(context, plan) : [running];
  const ports = patient === undefined ? [] : await portsOf(patient);
  return {
    name: 'embedded',
    title: 'labs without Docker (its containers are simulated, commands are real)',
    findings: [checkNode(context), ...ports],
  };
}

async function vagrantWay(context: Context): Promise<Way> {
  return {
    name: 'vagrant',
    title: 'labs of virtual machines',
    findings: [checkNode(context), ...(await vagrantFindings(context))],
  };
}

/** The machines of the lab themselves, and the ways between them. */
async function hostsWay(context: Context, { plan, directory }: Patient): Promise<Way> {
  if (context.stderr.isTerminal)
    context.stderr.write(`Asking ${String(plan.nodes.length)} machines, up to half a minute …\n`);
  const { signal } = context;
  const world = hostsWorld(context);
  // Nothing is there that Ctrl-C would have to wait for.
  const openTunnel: typeof world.openTunnel = (whom, options) => world.openTunnel(whom, { ...options, signal });
  const findings = await hostsFindings(context, { ...world, openTunnel }, { plan, directory });
  return { name: 'hosts', title: 'this lab on its machines', findings: [checkNode(context), ...findings] };
}

async function vagrantLabWay(context: Context, { plan }: Patient): Promise<Way> {
  const { vagrant } = plan;
  if (vagrant === undefined) return vagrantWay(context);
  const findings = vagrantLabFindings(
    plan,
    vagrant,
    await vagrantFacts(context),
    context.env['VAGRANT_DEFAULT_PROVIDER'],
  );
  return { name: 'vagrant', title: 'this lab of virtual machines', findings: [checkNode(context), ...findings] };
}
