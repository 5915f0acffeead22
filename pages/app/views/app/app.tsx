import { valueAt } from '../../../../protocol/json.ts';
import type { Known } from '../../connection.ts';
import { hasAddon } from '../../hour/addons.ts';
import { HourCharts } from '../../hour/hour-charts.tsx';
import { stateOf } from '../../marathon/app-state.ts';
import { definitionIn } from '../../marathon/definition.ts';
import { AppActions } from './app-actions.tsx';
import { StateChip } from '../../parts/chips.tsx';
import { linkTo } from '../../route.ts';
import { AppScaling } from '../../scaling/app-scaling.tsx';
import { useDecisions } from '../../scaling/use-decisions.ts';
import { words } from '../../words.ts';
import '../apps/apps.css';
import { AppDeployments } from './app-deployments.tsx';
import { Breadcrumbs } from '../apps/breadcrumbs.tsx';
import { Configuration } from './configuration.tsx';
import { HealthBar } from '../apps/health-bar.tsx';
import { Instances } from './instances.tsx';
import { LastFailure } from './last-failure.tsx';
import { PodInstances } from './pod-instances.tsx';
import { useApp } from './use-app.ts';
import { Versions } from './versions.tsx';
import { WhyWaiting } from './why-waiting.tsx';

const tabs = ['instances', 'hour', 'configuration', 'versions'] as const;

interface AppProps {
  readonly known: Known;
  readonly id: string;
  /** Which part of it is shown. */
  readonly part: string;
}

/** An app, or a pod. */
export function App({ known, id, part }: AppProps) {
  const row = known.picture.apps.get(id);
  const said = useApp(id, row);
  const { answer: decisions, trouble } = useDecisions(known);
  if (row === undefined) {
    return (
      <>
        <Breadcrumbs id={id} />
        <p class="quiet">{words.ofApps.noApp(id)}</p>
      </>
    );
  }
  const definition = definitionIn(row.isPod ? valueAt(said, 'spec') : said);
  const there = tabs.filter((tab) => tab !== 'hour' || hasAddon(known, 'metrics'));
  const shown = there.find((tab) => tab === part) ?? 'instances';
  const steps = (decisions?.log ?? []).flatMap(({ app, kind, at, from, to, reason }) =>
    app === id && kind === 'scale' ? [{ at, text: `${words.ofHour.step(from, to)}: ${reason}` }] : [],
  );
  return (
    <>
      <Breadcrumbs id={id} />
      <h2>
        {id} <StateChip state={stateOf(row)} />
        {row.isPod && <span class="quiet"> {words.ofApps.pod}</span>}
      </h2>
      <p class="summary">
        {words.of(String(row.running), String(row.instances))} {words.running} <HealthBar {...row} />
      </p>
      {known.mayChange ? (
        <AppActions id={id} row={row} definition={definition} />
      ) : (
        <p class="quiet">{words.onlyShows}</p>
      )}
      <AppDeployments known={known} row={row} />
      {row.waiting !== undefined && <WhyWaiting known={known} id={id} row={row} waiting={row.waiting} />}
      <AppScaling id={id} decisions={decisions} trouble={trouble} />
      <LastFailure known={known} said={said} />
      <nav class="tabs" aria-label={words.ofApps.parts}>
        {there.map((tab) => (
          <a key={tab} href={linkTo('apps', id, tab)} aria-current={tab === shown ? 'page' : undefined}>
            {words.ofApps.tabs[tab]}
          </a>
        ))}
      </nav>
      {shown === 'instances' &&
        (row.isPod ? (
          <PodInstances known={known} id={id} said={said} />
        ) : (
          <Instances known={known} id={id} said={said} />
        ))}
      {shown === 'hour' && <HourCharts known={known} kind="app" id={id} steps={steps} />}
      {shown === 'configuration' && <Configuration definition={definition} />}
      {shown === 'versions' && <Versions known={known} id={id} row={row} definition={definition} />}
    </>
  );
}
