import './mesos.css';
import type { DecisionRow, ScaledAppRow } from '../../picture/decisions.ts';
import type { Known } from '../connection.ts';
import { List } from '../parts/list.tsx';
import { When } from '../parts/when.tsx';
import { linkTo } from '../route.ts';
import { AgentsOfLab } from '../scaling/agents-of-lab.tsx';
import { decidedText, LabelProblems, measuredText, Reason } from '../scaling/decision-words.tsx';
import { useDecisions } from '../scaling/use-decisions.ts';
import { words } from '../words.ts';

/** What the autoscaler decides of each app, and what it did. */
export function Autoscaler({ known }: { readonly known: Known }) {
  const { answer, trouble } = useDecisions(known);
  return (
    <>
      <h2>{words.views.autoscaler}</h2>
      {trouble !== '' && (
        <p class="note" role="status">
          {words.ofScaling.silent(trouble)}
        </p>
      )}
      {answer === undefined && trouble === '' && <p class="quiet">{words.ofScaling.asking}</p>}
      {answer !== undefined && (
        <>
          <Apps rows={answer.apps} />
          <h3>{words.ofScaling.log}</h3>
          <Log rows={answer.log} />
          {answer.agents !== undefined && <AgentsOfLab agents={answer.agents} />}
        </>
      )}
    </>
  );
}

const AppLink = ({ id }: { readonly id: string }) => <a href={linkTo('apps', id)}>{id}</a>;

const Apps = ({ rows }: { readonly rows: readonly ScaledAppRow[] }) => (
  <>
    <List
      name={words.views.autoscaler}
      rows={rows.filter(({ decision }) => decision !== undefined)}
      keyOf={({ app }) => app}
      textOf={({ app, decision }) => `${app} ${decision?.metric ?? ''}`}
      empty={rows.length === 0 ? words.ofScaling.none : ''}
      columns={[
        { title: words.ofScaling.app, show: ({ app }) => <AppLink id={app} />, sortBy: ({ app }) => app },
        { title: words.ofScaling.decision, show: ({ decision }) => decision && decidedText(decision) },
        {
          title: words.ofScaling.measured,
          show: ({ decision }) => decision && measuredText(decision.value, decision.metric),
        },
        {
          title: words.ofScaling.target,
          show: ({ decision }) => decision && measuredText(decision.target, decision.metric),
        },
        {
          title: words.ofScaling.bounds,
          show: ({ decision }) => decision && words.ofScaling.boundsOf(decision.min, decision.max),
        },
        {
          title: words.ofScaling.steps,
          show: ({ stepsUp, stepsDown }) => words.ofScaling.stepsOf(stepsUp, stepsDown),
          sortBy: ({ stepsUp, stepsDown }) => stepsUp + stepsDown,
        },
        { title: words.ofScaling.reason, show: ({ decision }) => <Reason text={decision?.reason} /> },
      ]}
    />
    {rows
      .filter(({ problems }) => problems.length > 0)
      .map(({ app, problems }) => (
        <section key={app} aria-label={`${app}: ${words.ofScaling.refused}`}>
          <h3>
            <AppLink id={app} /> {words.ofScaling.refused}
          </h3>
          <LabelProblems problems={problems} />
        </section>
      ))}
  </>
);

const Log = ({ rows }: { readonly rows: readonly DecisionRow[] }) => (
  <List
    name={words.ofScaling.log}
    rows={rows}
    keyOf={({ app, at }) => `${at} ${app}`}
    textOf={(row) => `${row.app} ${decidedText(row)} ${row.reason}`}
    empty={words.ofScaling.noLog}
    columns={[
      { title: words.ofScaling.at, show: ({ at }) => <When at={at} />, sortBy: ({ at }) => at },
      { title: words.ofScaling.app, show: ({ app }) => <AppLink id={app} />, sortBy: ({ app }) => app },
      { title: words.ofScaling.decision, show: decidedText, sortBy: ({ kind }) => kind },
      { title: words.ofScaling.reason, show: ({ reason }) => <Reason text={reason} /> },
    ]}
  />
);
