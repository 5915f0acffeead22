import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { AgentsDecision, CountDecision, DecisionRow, Decisions, LabelFault } from '../../picture/decisions.ts';
import { given } from '../mesos/read-details.ts';

/** @param answer `/v1/decisions` of the autoscaler */
export function readDecisions(answer: unknown): Decisions {
  const agents = valueAt(answer, 'agents');
  return {
    apps: listAt(answer, 'apps').map((row) => ({
      app: textAt(row, 'app') ?? '',
      ...given('decision', readDecision(valueAt(row, 'decision'))),
      problems: listAt(row, 'problems').map(readFault),
      ...stepsOf(row),
    })),
    log: newestFirst(listAt(answer, 'log'), readDecision),
    ...given('agents', agents === undefined ? undefined : readAgents(agents)),
  };
}

const readAgents = (agents: unknown): NonNullable<Decisions['agents']> => ({
  ...given('decision', readAgentsDecision(valueAt(agents, 'decision'))),
  ...stepsOf(agents),
  log: newestFirst(listAt(agents, 'log'), readAgentsDecision),
});

const stepsOf = (row: unknown) => ({
  stepsUp: numberAt(row, 'steps', 'up') ?? 0,
  stepsDown: numberAt(row, 'steps', 'down') ?? 0,
});

const newestFirst = <Row>(log: readonly unknown[], read: (row: unknown) => Row | undefined): readonly Row[] =>
  log.flatMap((each) => read(each) ?? []).reverse();

function readFault(problem: unknown): LabelFault {
  return {
    label: textAt(problem, 'label') ?? '',
    message: textAt(problem, 'message') ?? '',
    ...given('found', textAt(problem, 'found')),
    allowed: textAt(problem, 'allowed') ?? '',
    fix: textAt(problem, 'fix') ?? '',
  };
}

function readCount(decision: unknown): CountDecision | undefined {
  const kind = textAt(decision, 'kind');
  if (kind !== 'scale' && kind !== 'hold' && kind !== 'unable') return undefined;
  return {
    ...{ kind, at: Date.parse(textAt(decision, 'at') ?? ''), reason: textAt(decision, 'reason') ?? '' },
    ...{ from: numberAt(decision, 'from') ?? 0, to: numberAt(decision, 'to') ?? 0 },
    ...{ min: numberAt(decision, 'min') ?? 0, max: numberAt(decision, 'max') ?? 0 },
  };
}

function readDecision(decision: unknown): DecisionRow | undefined {
  const count = readCount(decision);
  return (
    count && {
      ...count,
      app: textAt(decision, 'app') ?? '',
      metric: textAt(decision, 'metric') ?? '',
      target: numberAt(decision, 'target') ?? 0,
      ...given('value', numberAt(decision, 'value')),
    }
  );
}

function readAgentsDecision(decision: unknown): AgentsDecision | undefined {
  const count = readCount(decision);
  return count && { ...count, waiting: numberAt(decision, 'waiting') ?? 0 };
}
