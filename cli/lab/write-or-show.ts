import { UserError, type Problem } from '../../errors/user-error.ts';
import { compareLab, refuseEdits, type LabComparison } from '../../lab/compare-lab.ts';
import { ensureRegistryCredentials, findRegistryCredentials } from '../../lab/registry-credentials.ts';
import type { LabRequest } from '../../lab/lab-request.ts';
import { writeLab } from '../../lab/write-lab.ts';
import type { Context } from '../../platform/context.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { registryCredentialsPath } from '../../protocol/registry-credentials.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { reportLab } from './report-lab.ts';

/** A lab that is ready to be written. */
export interface PreparedLab {
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
  readonly request: LabRequest;
  /** What --json tells beside the files. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Asks the user before anything is written; without it nobody is asked. */
  readonly confirm?: (comparison: LabComparison) => Promise<boolean>;
}

/**
 * Writes a lab and reports it; with --dry-run or --diff only reports what would be written.
 * @throws UserError LAB_EXISTS, LAB_EDITED and what else makes writing impossible; INTERRUPTED when the signal came first
 */
export async function writeOrShow(context: Context, line: CommandLine, lab: PreparedLab): Promise<void> {
  const { plan, warnings, request, confirm, details = {} } = lab;
  const comparison = compareLab(context.files, request);
  const secrets = missingSecrets(context, lab);
  const report = { directory: request.directory, plan, comparison, secrets, details };
  if (isOn(line, 'dry-run') || isOn(line, 'diff')) {
    await reportLab(context, line, { ...report, warnings: [...warnings, ...editWarnings(comparison)], written: false });
    return;
  }
  refuseEdits(comparison);
  if (confirm !== undefined) {
    const answer = await confirm(comparison);
    // Without questions nothing has waited since the start, so no signal can have come.
    if (context.signal.aborted)
      throw new UserError({ code: 'INTERRUPTED', message: 'Interrupted: nothing was written' });
    if (!answer) {
      context.stderr.write('Nothing was written.\n');
      return;
    }
  }
  writeLab(context.files, comparison);
  if (secrets.length > 0) ensureRegistryCredentials(context.files, request.directory);
  await reportLab(context, line, { ...report, warnings, written: true });
}

/**
 * What the lab needs that is in no generated file, and that is not there yet.
 * @throws UserError REGISTRY_CREDENTIALS where what is there is not what it should be
 */
function missingSecrets({ files }: Context, { plan, request }: PreparedLab): readonly string[] {
  if (!plan.addons.includes('registry')) return [];
  return findRegistryCredentials(files, request.directory) === undefined ? [registryCredentialsPath] : [];
}

/** What would stop the real run is worth knowing before it, but is no error while nothing is written. */
function editWarnings(comparison: LabComparison): readonly Problem[] {
  try {
    refuseEdits(comparison);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}
