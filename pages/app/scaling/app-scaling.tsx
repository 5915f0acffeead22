import '../views/mesos.css';
import type { Decisions } from '../../picture/decisions.ts';
import { Facts } from '../mesos/facts.tsx';
import { When } from '../parts/when.tsx';
import { words } from '../words.ts';
import { decidedText, LabelProblems, measuredText } from './decision-words.tsx';

interface AppScalingProps {
  readonly id: string;
  readonly decisions: Decisions | undefined;
  /** Why there are no newer ones. */
  readonly trouble: string;
}

/** What the autoscaler decided of an app last; nothing for one that does not ask to be scaled. */
export function AppScaling({ id, decisions, trouble }: AppScalingProps) {
  const row = decisions?.apps.find(({ app }) => app === id);
  if (row === undefined) return trouble === '' ? null : <p class="quiet">{words.ofScaling.silent(trouble)}</p>;
  const { decision, problems, stepsUp, stepsDown } = row;
  return (
    <section class="panel" aria-label={words.views.autoscaler}>
      {trouble !== '' && <p class="quiet">{words.ofScaling.silent(trouble)}</p>}
      {decision !== undefined && (
        <p>
          <b>{words.views.autoscaler}:</b> {decidedText(decision)}: {decision.reason} <When at={decision.at} />
        </p>
      )}
      {problems.length > 0 && (
        <>
          <b>
            {words.views.autoscaler}: {words.ofScaling.refused}
          </b>
          <LabelProblems problems={problems} />
        </>
      )}
      <Facts
        facts={{
          [words.ofScaling.target]:
            decision && `${measuredText(decision.target, decision.metric)} ${words.ofScaling.ofOne}`,
          [words.ofScaling.measured]: decision && measuredText(decision.value, decision.metric),
          [words.ofScaling.bounds]: decision && words.ofScaling.boundsOf(decision.min, decision.max),
          [words.ofScaling.steps]: (
            <>
              {words.ofScaling.stepsOf(stepsUp, stepsDown)} <a href="#/autoscaler">{words.ofScaling.all}</a>
            </>
          ),
        }}
      />
    </section>
  );
}
