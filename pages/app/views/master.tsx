import './mesos.css';
import type { MasterDetails } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { Facts, Fold, timeOf, Trouble } from '../mesos/facts.tsx';
import { AmountTable } from '../mesos/resources.tsx';
import { Texts } from '../mesos/texts.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { FileView } from '../parts/file-view.tsx';
import { words } from '../words.ts';

const everyMs = 4000;
const states = [
  ...['staging', 'starting', 'running', 'killing', 'unreachable', 'finished', 'killed', 'failed'],
  ...['error', 'lost', 'dropped', 'gone', 'gone_by_operator'],
];
const agentStates = ['active', 'inactive', 'disconnected', 'unreachable'];

/** The master that leads: what it says of itself, and what it counts. */
export function Master({ known }: { readonly known: Known }) {
  const { answer: master, trouble } = useAsked<MasterDetails>('/page/master', everyMs);
  const url = known.picture.sources.get('master')?.url;
  if (master === undefined) return trouble === '' ? <p class="quiet">{words.asking}</p> : <Trouble trouble={trouble} />;
  const { metrics, flags } = master;
  const count = (name: string) => metrics[`master/${name}`];
  return (
    <>
      <h2>{master.cluster === '' ? words.leadingMaster : words.masterOf(master.cluster)}</h2>
      <Trouble trouble={trouble} />
      <div class="packed">
        <section class="panel" aria-label={words.leadingMaster}>
          <Facts
            facts={{
              [words.cluster]: master.cluster === '' ? words.unnamed : master.cluster,
              [words.leads]: url === undefined ? undefined : <a href={url}>{url.replace(/^https?:\/\//, '')}</a>,
              [words.id]: master.id,
              [words.version]: master.version,
              [words.built]: timeOf(master.builtAt),
              [words.builtBy]: master.builtBy,
              [words.started]: timeOf(master.startedAt),
              [words.elected]: timeOf(master.electedAt),
            }}
          />
        </section>
        <section class="panel" aria-label={words.resources}>
          <Resources master={master} />
        </section>
        <section class="panel">
          <Counts name={words.views.tasks} of={states.map((state) => [state, count(`tasks_${state}`)])} />
        </section>
        <section class="panel">
          <Counts name={words.views.agents} of={agentStates.map((state) => [state, count(`slaves_${state}`)])} />
          <Counts
            name={words.views.frameworks}
            of={['active', 'inactive', 'disconnected'].map((state) => [state, count(`frameworks_${state}`)])}
          />
          <Counts name={words.views.offers} of={[[words.outstanding, count('outstanding_offers')]]} />
        </section>
      </div>
      {master.hasLog ? (
        <Fold title={words.log}>{() => <FileView place={{ log: 'master' }} file="" name={words.masterLog} />}</Fold>
      ) : (
        <p class="quiet">{words.noLog}</p>
      )}
      <Fold title={words.flags}>{() => <Texts name={words.flags} texts={flags} empty={words.noFlags} />}</Fold>
      <Fold title={words.metrics}>{() => <Texts name={words.metrics} texts={metrics} empty={words.noMetrics} />}</Fold>
    </>
  );
}

function Resources({ master: { metrics, offered } }: { readonly master: MasterDetails }) {
  const names = ['cpus', 'gpus', 'mem', 'disk'];
  const of = (kind: string) => Object.fromEntries(names.map((name) => [name, metrics[`master/${name}_${kind}`] ?? 0]));
  const [total, used] = [of('total'), of('used')];
  const idle = names.map((name) => {
    const left = (total[name] ?? 0) - (used[name] ?? 0) - (offered[name] ?? 0);
    return [name, Math.max(0, left)] as const;
  });
  return (
    <AmountTable
      name={words.resources}
      rows={[
        [words.total, total],
        [words.used, used],
        [words.offered, offered],
        [words.idle, Object.fromEntries(idle)],
      ]}
    />
  );
}

/** How many there are of each; what is not counted is left out. */
function Counts(props: { readonly name: string; readonly of: readonly (readonly [string, number | undefined])[] }) {
  return (
    <table class="amounts" aria-label={props.name}>
      <thead>
        <tr>
          <th scope="col">{props.name}</th>
          <th scope="col">{words.number}</th>
        </tr>
      </thead>
      <tbody>
        {props.of.map(
          ([name, count]) =>
            count !== undefined && (
              <tr key={name}>
                <th scope="row">{name.replaceAll('_', ' ')}</th>
                <td>{count.toLocaleString('en')}</td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  );
}
