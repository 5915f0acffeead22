import type { Decisions } from '../../picture/decisions.ts';
import { Facts } from '../mesos/facts.tsx';
import { List } from '../parts/list.tsx';
import { When } from '../parts/when.tsx';
import { words } from '../words.ts';
import { Reason } from './decision-words.tsx';

/** How many agents the autoscaler wants the lab to have, and what it said of that before. */
export function AgentsOfLab({ agents }: { readonly agents: NonNullable<Decisions['agents']> }) {
  const { decision, stepsUp, stepsDown, log } = agents;
  return (
    <section aria-label={words.ofScaling.agents}>
      <h3>{words.ofScaling.agents}</h3>
      {decision !== undefined && (
        <>
          <p>
            {words.ofScaling.agentsWanted(decision.kind, decision.from, decision.to)}: {decision.reason}{' '}
            <When at={decision.at} />
          </p>
          <Facts
            facts={{
              [words.ofScaling.bounds]: words.ofScaling.boundsOf(decision.min, decision.max),
              [words.ofScaling.waiting]: String(decision.waiting),
              [words.ofScaling.steps]: words.ofScaling.stepsOf(stepsUp, stepsDown),
            }}
          />
        </>
      )}
      <List
        name={words.ofScaling.agentsLog}
        rows={log}
        keyOf={({ at }) => String(at)}
        empty={words.ofScaling.noLog}
        columns={[
          { title: words.ofScaling.at, show: ({ at }) => <When at={at} /> },
          {
            title: words.ofScaling.decision,
            show: ({ kind, from, to }) => words.ofScaling.agentsWanted(kind, from, to),
          },
          { title: words.ofScaling.reason, show: ({ reason }) => <Reason text={reason} /> },
        ]}
      />
    </section>
  );
}
