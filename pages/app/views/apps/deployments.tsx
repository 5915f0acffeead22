import { useState } from 'preact/hooks';
import { textAt } from '../../../../protocol/json.ts';
import type { DeploymentRow } from '../../../picture/tables.ts';
import type { Known } from '../../connection.ts';
import { shareDone, stepsOf, type Action, type Step } from '../../marathon/deployment-steps.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useSeconds } from '../../parts/use-seconds.ts';
import { When } from '../../parts/when.tsx';
import { change } from '../../requests.ts';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';
import './apps.css';
import { useAnswer } from '../app/use-app.ts';

/** More of a list than these is counted. */
const most = 5;

/** What Marathon is changing. @param id one of them; empty: all */
export function Deployments({ known, id }: { readonly known: Known; readonly id: string }) {
  const { deployments } = known.picture;
  const { said } = useAnswer('/v2/deployments', deployments);
  const shown = [...deployments].filter(([each]) => id === '' || each === id);
  const all = Array.isArray(said) ? (said as readonly unknown[]) : [];
  return (
    <>
      {id !== '' && (
        <p>
          <a href="#/deployments">{words.ofApps.allDeployments}</a>
        </p>
      )}
      {shown.length === 0 && (
        <p class="quiet">{id === '' ? words.ofApps.noDeployments : words.ofApps.deploymentOver}</p>
      )}
      {shown.map(([each, row]) => (
        <Deployment
          key={each}
          known={known}
          id={each}
          row={row}
          steps={stepsOf(all.find((deployment) => textAt(deployment, 'id') === each))}
        />
      ))}
    </>
  );
}

interface DeploymentProps {
  readonly known: Known;
  readonly id: string;
  readonly row: DeploymentRow;
  readonly steps: readonly Step[];
}

function Deployment({ known, id, row, steps }: DeploymentProps) {
  const now = useSeconds() + known.ahead;
  return (
    <section class="deployment">
      <h2>
        <AppLinks ids={row.apps} />
      </h2>
      <p>
        {words.deployment(row.step, row.steps)}{' '}
        <progress value={shareDone(row, known.picture.apps)} aria-label={words.deployment(row.step, row.steps)} />
        {row.since > 0 && (
          <>
            {' '}
            {words.ofApps.begun} <When at={row.since} />, {words.ofApps.lasts(Math.round((now - row.since) / 1000))}
          </>
        )}
      </p>
      <ol class="steps">
        {steps.map(({ state, actions }, index) => (
          <li key={index} class={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span class="quiet">{words.ofApps.stepStates[state]}</span>
            <ul>
              {actions.slice(0, most).map((action) => (
                <li key={`${action.action} ${action.id}`}>
                  {action.action} <a href={linkTo('apps', action.id)}>{action.id}</a>
                  {state === 'now' && <Progress known={known} action={action} />}
                </li>
              ))}
              {actions.length > most && <li class="quiet">{words.ofApps.more(actions.length - most)}</li>}
            </ul>
          </li>
        ))}
      </ol>
      <p class="quiet">{id}</p>
      {known.mayChange && <DeploymentActions id={id} apps={row.apps} />}
    </section>
  );
}

function AppLinks({ ids }: { readonly ids: readonly string[] }) {
  return (
    <>
      {ids.slice(0, most).map((each) => (
        <>
          <a href={linkTo('apps', each)}>{each}</a>{' '}
        </>
      ))}
      {ids.length > most && words.ofApps.more(ids.length - most)}
    </>
  );
}

/** How far it is, and what it waits for. */
function Progress({ known, action }: { readonly known: Known; readonly action: Action }) {
  const row = known.picture.apps.get(action.id);
  if (row === undefined) return null;
  const { waiting } = row;
  const lines = [
    words.ofApps.progress(row),
    ...(waiting === undefined ? [] : [words.waits(waiting.count, waiting.why ?? words.ofApps.noOffer)]),
    ...action.notReady.map(words.ofApps.notReady),
  ];
  return (
    <>
      {lines.map((line) => (
        <div key={line} class="quiet">
          {line}
        </div>
      ))}
    </>
  );
}

function DeploymentActions({ id, apps }: { readonly id: string; readonly apps: readonly string[] }) {
  const [chosen, setChosen] = useState<'rollBack' | 'stop'>();
  return (
    <div class="actions">
      {(['rollBack', 'stop'] as const).map((action) => (
        <button
          key={action}
          class={action === 'stop' ? 'danger' : ''}
          onClick={() => {
            setChosen(action);
          }}
        >
          {words.ofApps.deployments[action]}
        </button>
      ))}
      {chosen !== undefined && (
        <Dialog
          title={words.ofApps.deployments[chosen]}
          doing={words.ofApps.deployments[chosen]}
          isDanger={chosen === 'stop'}
          act={() => change('DELETE', `/v2/deployments/${encodeURIComponent(id)}`, undefined, chosen === 'stop')}
          onClose={() => {
            setChosen(undefined);
          }}
        >
          <p>{words.ofApps.deploymentMeans[chosen](apps.slice(0, most).join(', '))}</p>
        </Dialog>
      )}
    </div>
  );
}
