import type { ExitCode } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/lock-file.ts';
import { chooseRuntime, type NoRuntime } from '../../runtimes/cluster-runtime.ts';
import { runtimeNames } from '../../runtimes/runtime-names.ts';
import { textOf, type CommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { getImages } from '../compose-project.ts';
import { withLabLock } from '../lab-lock.ts';
import { openLab, planOfLab } from '../open-lab.ts';
import { reporterFor } from '../running-marathon.ts';
import { dockerOf, embeddedOf } from '../runtimes.ts';
import { upEmbedded, verifyRunning } from '../up-embedded.ts';
import { composeVerb } from './compose-verbs.ts';

/** `up`: starts the lab on the first runtime that this machine has, waits until it is ready, and verifies it. */
export const up: Command = async (context, line) => {
  const directory = openLab(context, line);
  const plan = await planOfLab(context, line, directory);
  const wanted = runtimeNames.find((name) => name === textOf(line, 'runtime'));
  if (plan.runtime === 'hosts') return upOnMachines(context, line, wanted);
  const embedded = embeddedOf(context);
  const reporter = reporterFor(context, line);
  // Before anybody waits for anything: what runs already keeps its runtime.
  const runsEmbedded = () => embedded.find({ directory }).kind === 'running';
  if (runsEmbedded() && wanted === 'docker') throw runsAlready();
  if (!runsEmbedded()) {
    const choice = await chooseRuntime([dockerOf(context, directory), embedded], wanted, context.signal);
    context.signal.throwIfAborted();
    if (!('chosen' in choice)) throw noRuntime(choice);
    reporter.note(`Runtime ${choice.chosen.name} (${choice.reason})`);
    if (choice.chosen.name === 'docker') {
      refuseEmbeddedFlags(line);
      // Without a network, or before the lite images are built, there is still a cluster to be had.
      if (wanted === 'docker' || (await getImages(context, directory))) return composeVerb('up')(context, line);
      reporter.note(
        'Runtime embedded (not docker: its images are not here and cannot be pulled; --runtime docker insists)',
      );
    }
  }
  return withLabLock(directory, { context, reporter, clock: systemClock, tryLock: tryLockFile }, () => {
    const task = { context, line, directory, reporter, embedded };
    const found = embedded.find({ directory });
    return found.kind === 'running'
      ? verifyRunning(task, plan, found.lab)
      : upEmbedded(task, plan, found.kind === 'remains');
  });
};

function upOnMachines(context: Context, line: CommandLine, wanted: string | undefined): Promise<ExitCode> {
  if (wanted === undefined) {
    refuseEmbeddedFlags(line);
    return composeVerb('up')(context, line);
  }
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'a lab of several machines runs on those machines alone',
    place: { kind: 'flag', flag: '--runtime' },
    found: wanted,
    fix: 'leave --runtime out; a lab on one host runs with either: create-mesos-cluster my-lab --preset single',
  });
}

/** The generated files say what Docker and Vagrant do; a flag would not reach them. */
function refuseEmbeddedFlags(line: CommandLine): void {
  const flag = ['port', 'service-ports', 'port-offset', 'retain'].find((name) =>
    line.uses.some((use) => use.flag.name === name),
  );
  if (flag === undefined) return;
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `--${flag} is for the embedded runtime; for Docker the generated files say it`,
    place: { kind: 'flag', flag: `--${flag}` },
    fix: 'set ports in mesos-cluster.yaml and run create-mesos-cluster generate; or up --runtime embedded',
  });
}

function runsAlready(): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'the lab runs already, on the runtime embedded',
    place: { kind: 'flag', flag: '--runtime' },
    fix: 'create-mesos-cluster down first',
  });
}

function noRuntime({ reasons }: NoRuntime): UserError {
  return new UserError({
    code: 'MACHINE_NO_DOCKER',
    message: 'this machine cannot run the lab as asked',
    found: reasons.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    fix: 'leave --runtime out, and the lab runs without Docker; create-mesos-cluster doctor says more',
  });
}
