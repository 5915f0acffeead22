import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import { coloursFor, type Colours } from '../../platform/terminal.ts';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import type { Explanation } from '../../planning/explain/explain-flag.ts';
import { explain as explainName, explainableNames, type WrittenValues } from '../../planning/explain/explain.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { specToShow } from '../lab/plan-source.ts';

/** `explain NAME…`: value, derivation and source of settings; without a name, the names that there are. */
export const explain: Command = async (context, line) => {
  const { spec, locate } = await specToShow(context, line);
  const { plan } = await preparePlan(spec, locate);
  const json = isOn(line, 'json');
  const written = await writtenIn(plan);
  if (line.positionals.length === 0) {
    const names = explainableNames(plan, written);
    context.stdout.write(json ? `${JSON.stringify({ names }, undefined, 2)}\n` : `${names.join('\n')}\n`);
    return exitCodes.ok;
  }
  const explanations = explainAll(plan, line.positionals, written);
  const colours = coloursFor(context.stdout, context.env, !isOn(line, 'no-color'));
  context.stdout.write(
    json
      ? `${JSON.stringify({ explanations }, undefined, 2)}\n`
      : explanations.map((explanation) => explanationText(explanation, colours)).join('\n'),
  );
  return exitCodes.ok;
};

/** What the Compose files say that the plan does not; read when it is first asked for. */
async function writtenIn(plan: Plan): Promise<WrittenValues> {
  const { writtenValues } = await import('../../planning/spec-text/written-values.ts');
  let values: WrittenValues | undefined;
  return (name) => {
    values ??= writtenValues(composeFiles(plan));
    return values(name);
  };
}

/** @throws UserError USAGE_UNKNOWN_SETTING for all names that are unknown */
function explainAll(plan: Plan, names: readonly string[], written: WrittenValues): readonly Explanation[] {
  const explanations: Explanation[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    try {
      explanations.push(explainName(plan, name, written));
    } catch (error) {
      if (!isUserError(error)) throw error;
      problems.push(...error.problems);
    }
  }
  const [first, ...more] = problems;
  if (first) throw new UserError(first, ...more);
  return explanations;
}

function explanationText({ name, values, derivation, source }: Explanation, colours: Colours): string {
  const empty = name.startsWith('--') ? '(given)' : '(empty)';
  const shown = values.map(
    ({ value, components }) => `  ${value === '' ? empty : value}  ${colours.dim(`(${components.join(', ')})`)}\n`,
  );
  const list = shown.length === 0 ? '  (not set in this lab)\n' : shown.join('');
  return `${colours.bold(name)}\n${list}  ${derivation}\n  ${colours.dim('source:')} ${source}\n`;
}
