import { exitCodes } from '../../errors/exit-codes.ts';
import { imageSets } from '../../planning/catalogue/image-sets.ts';
import { imageSetNames } from '../../planning/catalogue/roles.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { Context } from '../../platform/context.ts';
import { coloursFor, silent } from '../../platform/terminal.ts';
import type { ClusterRuntime } from '../../runtimes/cluster-runtime.ts';
import type { DoctorQuestion } from '../../runtimes/doctor-facet.ts';
import { isOn, textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { canRun, verdictOfLab, wayText, type Way } from '../doctor/doctor-text.ts';
import { checkNode, runningFinding } from '../doctor/machine-findings.ts';
import { planOfLab } from '../lab/open-lab.ts';
import { labDirectory } from '../lab/plan-source.ts';
import { isLab, notALab, readLabSpec } from '../lab/read-spec.ts';
import { refuseIfNot, runtimeOnMachines, runtimesOf } from '../running/runtimes.ts';

/** The lab that is asked about. */
type Patient = NonNullable<DoctorQuestion['lab']> & { readonly spec: ClusterSpec };

/**
 * `doctor`: what this machine can run, and for each thing it cannot: why, and what to do. In a lab only the ways that
 * the lab can be run in count. Starts nothing. Exit code 3 when there is none.
 */
export const doctor: Command = async (context, line) => {
  const directory = labDirectory(context, line);
  await refuseIfNot(await runtimesOf(context).ofFolder(directory), 'doctor', directory, context);
  const patient = await patientOf(context, line, directory);
  const isQuiet = isOn(line, 'quiet');
  const ways = await waysFor({ ...context, stderr: isQuiet ? silent(context.stderr) : context.stderr }, patient);
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

async function patientOf(context: Context, line: CommandLine, directory: string): Promise<Patient | undefined> {
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

/** One after the other: each tries to listen on the ports of the lab for a moment. */
async function waysFor(context: Context, patient: Patient | undefined): Promise<readonly Way[]> {
  const runtimes = runtimesOf(context);
  const wayOn = (runtime: ClusterRuntime) => look(context, runtime, patient);
  const onMachines = patient && runtimeOnMachines(runtimes, patient.plan);
  if (onMachines !== undefined) return wayOn(onMachines);
  const onOneHost = async () => [...(await wayOn(runtimes.docker)), ...(await wayOn(runtimes.embedded))];
  const [ways, vagrant] = await Promise.all([onOneHost(), patient === undefined ? wayOn(runtimes.vagrant) : []]);
  return [...ways, ...vagrant];
}

async function look(context: Context, { name, doctor }: ClusterRuntime, patient: Patient | undefined) {
  if (doctor === undefined) return [];
  const { signal, stderr } = context;
  const spec = patient?.spec ?? { name: 'lab' };
  const diagnosis = await doctor({
    lab: patient,
    sets: () =>
      imageSetNames.map((set) => {
        const plan = planCluster({ ...spec, images: { ...spec.images, set } });
        return { set, title: imageSets[set].title, plan };
      }),
    note: (text) => {
      if (stderr.isTerminal) stderr.write(`${text}\n`);
    },
    signal,
  });
  return [{ name, ...diagnosis, findings: [checkNode(context), ...diagnosis.findings] }];
}
