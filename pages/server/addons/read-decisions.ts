import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { DecisionRow, Decisions, LabelFault } from '../../picture/decisions.ts';

/** @param answer `/v1/decisions` of the autoscaler */
export const readDecisions = (answer: unknown): Decisions => ({
  apps: listAt(answer, 'apps').map((row) => {
    const decision = readDecision(valueAt(row, 'decision'));
    return {
      app: textAt(row, 'app') ?? '',
      ...(decision === undefined ? {} : { decision }),
      problems: listAt(row, 'problems').map(readFault),
      stepsUp: numberAt(row, 'steps', 'up') ?? 0,
      stepsDown: numberAt(row, 'steps', 'down') ?? 0,
    };
  }),
  log: listAt(answer, 'log')
    .flatMap((each) => readDecision(each) ?? [])
    .reverse(),
});

function readFault(problem: unknown): LabelFault {
  const found = textAt(problem, 'found');
  return {
    label: textAt(problem, 'label') ?? '',
    message: textAt(problem, 'message') ?? '',
    ...(found === undefined ? {} : { found }),
    allowed: textAt(problem, 'allowed') ?? '',
    fix: textAt(problem, 'fix') ?? '',
  };
}

function readDecision(decision: unknown): DecisionRow | undefined {
  const kind = textAt(decision, 'kind');
  if (kind !== 'scale' && kind !== 'hold' && kind !== 'unable') return undefined;
  const value = numberAt(decision, 'value');
  return {
    app: textAt(decision, 'app') ?? '',
    at: Date.parse(textAt(decision, 'at') ?? ''),
    kind,
    from: numberAt(decision, 'from') ?? 0,
    to: numberAt(decision, 'to') ?? 0,
    reason: textAt(decision, 'reason') ?? '',
    metric: textAt(decision, 'metric') ?? '',
    target: numberAt(decision, 'target') ?? 0,
    min: numberAt(decision, 'min') ?? 0,
    max: numberAt(decision, 'max') ?? 0,
    ...(value === undefined ? {} : { value }),
  };
}
