import type { MesosFlags } from './mesos-flags.ts';
import { ProgramError, type PreparedProgram } from './program.ts';

/** The release of Mesos whose API the engine has. */
export const mesosRelease = '1.12.0';

export const mesosVersion = `mesos ${mesosRelease} (create-mesos-cluster ${__VERSION__}, image set lite)\n`;

const levels = ['INFO', 'WARNING', 'ERROR'];

/**
 * What `--log_dir`, `--quiet` and `--logging_level` ask for. All of our lines are of level INFO.
 * @throws ProgramError in the words of src/logging/logging.cpp
 */
export function mesosLogging(flags: MesosFlags): Pick<PreparedProgram, 'logDirectory' | 'isQuiet'> {
  const level = flags.text('logging_level') ?? 'INFO';
  if (!levels.includes(level)) {
    throw new ProgramError(
      `'${level}' is not a valid logging level. Possible values for 'logging_level' flag are: 'INFO', 'WARNING', 'ERROR'.`,
    );
  }
  const logDirectory = logDirectoryOf(flags);
  return {
    ...(logDirectory === undefined ? {} : { logDirectory }),
    isQuiet: flags.isOn('quiet') || level !== 'INFO',
  };
}

const logDirectoryOf = (flags: MesosFlags): string | undefined => {
  const directory = flags.text('log_dir');
  return directory === '' ? undefined : directory;
};

/**
 * The log that is served over HTTP (`/master/log` and `/slave/log`): `--external_log_file`, else the one in `--log_dir`.
 * @param program whose name the latter has, as runProgram writes it
 */
export function servedLog(flags: MesosFlags, program: string): string | undefined {
  const directory = logDirectoryOf(flags);
  return flags.text('external_log_file') ?? (directory === undefined ? undefined : `${directory}/${program}.INFO`);
}
