import './mesos.css';
import type { AgentDetails, ResourceItem } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { hasAddon } from '../hour/addons.ts';
import { HourCharts } from '../hour/hour-charts.tsx';
import { Executors } from '../mesos/executors.tsx';
import { Facts, Fold, NotKnown, timeOf, Trouble } from '../mesos/facts.tsx';
import { AmountTable, resourcesText, sumByName } from '../mesos/resources.tsx';
import { Texts } from '../mesos/texts.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { Bars } from '../parts/amounts.tsx';
import { StateChip } from '../parts/chips.tsx';
import { FileView } from '../parts/file-view.tsx';
import { TaskList } from '../parts/task-list.tsx';
import { words } from '../words.ts';
import { textOfAttributes } from './agents.tsx';

const everyMs = 4000;

/** An agent: what it has, whom that is for, what runs on it and what that uses. */
export function Agent({ known, id }: { readonly known: Known; readonly id: string }) {
  const row = known.picture.agents.get(id);
  const query = new URLSearchParams({ id }).toString();
  const isThere = row !== undefined;
  const { answer: agent, trouble } = useAsked<AgentDetails>(isThere ? `/page/agent?${query}` : undefined, everyMs);
  if (row === undefined) {
    return (
      <>
        <NotKnown what={words.agent} id={id} />
        <TaskList known={known} of={{ agent: id }} />
      </>
    );
  }
  return (
    <>
      <h2>
        {row.host}:{row.port} <StateChip state={row.state} />
      </h2>
      <p class="quiet">{id}</p>
      <Trouble trouble={trouble} />
      {row.state === 'recovered' && <p class="note">{words.aboutRecovered}</p>}
      {agent?.drain !== undefined && <Drain drain={agent.drain} />}
      {agent?.maintenance !== undefined && <Maintenance maintenance={agent.maintenance} />}
      <div class="columns">
        <section class="panel" aria-label={words.agent}>
          <Bars used={row.used} total={row.total} />
          <Facts
            facts={{
              [words.attributes]: textOfAttributes(row.attributes),
              [words.version]: agent?.version,
              [words.process]: agent?.pid,
              [words.registered]: timeOf(agent?.registeredAt),
              [words.reregistered]: timeOf(agent?.reregisteredAt),
              [words.started]: timeOf(agent?.own?.startedAt),
              [words.capabilities]: agent?.capabilities.join(', '),
            }}
          />
        </section>
        {agent !== undefined && <Resources agent={agent} />}
      </div>
      {agent?.why !== undefined && <p class="note">{words.agentSilent(agent.why)}</p>}
      {agent?.own !== undefined && <Executors id={id} executors={agent.own.executors} />}
      <h3>{words.views.tasks}</h3>
      <TaskList known={known} of={{ agent: id }} />
      {hasAddon(known, 'metrics') && (
        <>
          <h3>{words.views.hour}</h3>
          <HourCharts known={known} kind="agent" id={id} />
        </>
      )}
      {agent?.own !== undefined && (
        <>
          {agent.own.hasLog ? (
            <Fold title={words.log}>
              {() => <FileView place={{ log: id }} file="" name={words.logOf(`${row.host}:${row.port}`)} />}
            </Fold>
          ) : (
            <p class="quiet">{words.noLog}</p>
          )}
          <Fold title={words.flags}>
            {() => <Texts name={words.flags} texts={agent.own?.flags ?? {}} empty={words.noFlags} />}
          </Fold>
        </>
      )}
    </>
  );
}

function Drain({ drain }: { readonly drain: NonNullable<AgentDetails['drain']> }) {
  return (
    <div class="note">
      <b>{words.drain(drain.state)}</b>
      <Facts
        facts={{
          [words.since]: timeOf(drain.startedAt),
          [words.grace]: drain.grace === undefined ? undefined : words.seconds(drain.grace),
          [words.afterwards]: drain.marksGone ? words.isMarkedGone : undefined,
        }}
      />
    </div>
  );
}

function Maintenance({ maintenance }: { readonly maintenance: NonNullable<AgentDetails['maintenance']> }) {
  const { mode, startsAt, duration } = maintenance;
  return (
    <div class="note">
      <b>{words.maintenance[mode]}</b>
      <Facts
        facts={{
          [words.begins]: timeOf(startsAt),
          [words.lasts]: duration === undefined ? undefined : words.seconds(duration),
        }}
      />
    </div>
  );
}

/** Whom its resources are for, in all and in use; then each thing that is bound to something. */
function Resources({ agent: { total, used, offered } }: { readonly agent: AgentDetails }) {
  const roles = [...new Set(total.flatMap(({ role = [] }) => role))].sort();
  const ofRole = (items: readonly ResourceItem[], role: string) =>
    sumByName(items.filter((item) => (item.role ?? '') === role));
  const rows = [
    [words.total, sumByName(total)] as const,
    [words.used, sumByName(used)] as const,
    [words.offered, sumByName(offered)] as const,
    ...roles.flatMap((role) => [
      [words.reservedOf(role), ofRole(total, role)] as const,
      [words.usedOf(role), ofRole(used, role)] as const,
    ]),
  ];
  const bound = total.filter(
    ({ role, volume, amount }) => role !== undefined || volume !== undefined || typeof amount === 'string',
  );
  return (
    <section class="panel" aria-label={words.resources}>
      <AmountTable name={words.resources} rows={rows} />
      {bound.map((item) => (
        <p class="quiet" key={JSON.stringify(item)}>
          {resourcesText([item])}
          {item.principal === undefined ? '' : ` ${words.by(item.principal)}`}
        </p>
      ))}
    </section>
  );
}
