import { useEffect, useState } from 'preact/hooks';
import type { AppRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { megabytes } from '../parts/amounts.tsx';
import { AppActions } from '../parts/app-actions.tsx';
import { StateChip } from '../parts/chips.tsx';
import { JsonDialog } from '../parts/json-dialog.tsx';
import { List } from '../parts/list.tsx';
import { TaskList } from '../parts/task-list.tsx';
import { change, get } from '../requests.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';
import { examples } from './apps/examples.ts';

function stateOf({ deployments, isSuspended, running, instances, unhealthy, waiting }: AppRow): string {
  if (deployments.length > 0) return waiting === undefined ? words.deploying : words.waiting;
  if (isSuspended) return words.suspended;
  if (unhealthy > 0) return words.unhealthy;
  return running < instances ? words.waiting : words.running;
}

export function Apps({ known }: { readonly known: Known }) {
  const [isCreating, setIsCreating] = useState(false);
  const { apps, deployments } = known.picture;
  return (
    <>
      <div class="actions">
        {known.mayChange ? (
          <button
            class="first"
            onClick={() => {
              setIsCreating(true);
            }}
          >
            {words.create}
          </button>
        ) : (
          <p class="quiet">{words.onlyShows}</p>
        )}
      </div>
      {isCreating && (
        <JsonDialog
          title={words.create}
          text={Object.values(examples)[0] ?? ''}
          examples={examples}
          send={(json, isForced) => change('POST', pathFor(json), json, isForced)}
          onClose={() => {
            setIsCreating(false);
          }}
        />
      )}
      {[...deployments].map(([id, { apps: affected, step, steps, actions }]) => (
        <p class="note" key={id}>
          {words.deploying} {affected.join(', ')}: {words.deployment(step, steps)} ({actions.join(', ')}){' '}
          <progress value={step} max={steps} aria-label={words.deployment(step, steps)} />
        </p>
      ))}
      <List
        name={words.views.apps}
        rows={[...apps].sort(([one], [other]) => one.localeCompare(other))}
        keyOf={([id]) => id}
        textOf={([id, { what }]) => `${id} ${what}`}
        empty={words.noApps}
        columns={[
          { title: words.name, show: ([id]) => <a href={linkTo('apps', id)}>{id}</a> },
          { title: words.state, show: ([, row]) => <StateChip state={stateOf(row)} /> },
          {
            title: words.instances,
            show: ([, { running, instances }]) => words.of(String(running), String(instances)),
          },
          { title: words.health, show: ([, row]) => healthOf(row) },
          { title: words.cpus, show: ([, { cpus }]) => cpus },
          { title: words.memory, show: ([, { mem }]) => megabytes(mem) },
          { title: words.runs, show: ([, { what }]) => <span title={what}>{what.slice(0, 60)}</span> },
        ]}
      />
    </>
  );
}

/** A pod has containers; a list or a group is what it is. */
function pathFor(json: string): string {
  const value = JSON.parse(json) as Readonly<Record<string, unknown>>;
  if (Array.isArray(value['containers'])) return '/v2/pods';
  return Array.isArray(value['apps']) || Array.isArray(value['groups']) ? '/v2/groups' : '/v2/apps';
}

const healthOf = ({ hasChecks, healthy, unhealthy }: AppRow) =>
  hasChecks ? words.healthOf(healthy, unhealthy) : words.unchecked;

export function App({ known, id }: { readonly known: Known; readonly id: string }) {
  const row = known.picture.apps.get(id);
  const definition = useDefinition(id, row);
  if (row === undefined) return <p class="quiet">{words.noMatch}</p>;
  const { waiting } = row;
  return (
    <>
      <h2>
        {id} <StateChip state={stateOf(row)} />
      </h2>
      <p>
        {words.of(String(row.running), String(row.instances))} {words.running}, {healthOf(row)}
      </p>
      {known.mayChange ? (
        <AppActions id={id} row={row} definition={definition} />
      ) : (
        <p class="quiet">{words.onlyShows}</p>
      )}
      {waiting !== undefined && (
        <p class="note">
          {words.waits(waiting.count, waiting.why ?? words.waitsUnknown)}
          {waiting.delay > 0 && `; ${words.delayed(waiting.delay)}`}
        </p>
      )}
      {row.lastFailure !== undefined && (
        <p class="note bad">
          {words.lastFailure}: {row.lastFailure}
        </p>
      )}
      <TaskList known={known} of={{ name: id.split('/').filter(Boolean).reverse().join('.') }} />
      <details>
        <summary>{words.definition}</summary>
        <pre tabIndex={0}>{definition}</pre>
      </details>
    </>
  );
}

/** What the app was made of, as JSON that may be sent again. */
function useDefinition(id: string, row: AppRow | undefined): string {
  const [text, setText] = useState('');
  const path = row?.isPod === true ? `/v2/pods${id}` : `/v2/apps${id}?embed=none`;
  useEffect(() => {
    if (row === undefined) return;
    get(`/page/marathon${path}`).then(
      (answer) => {
        const { app = answer } = answer as { readonly app?: unknown };
        setText(JSON.stringify(withoutStatus(app), null, 2));
      },
      () => undefined,
    );
  }, [path, row?.version]);
  return text;
}

const statusFields: ReadonlySet<string> = new Set([
  ...['tasks', 'tasksStaged', 'tasksRunning', 'tasksHealthy', 'tasksUnhealthy', 'deployments', 'lastTaskFailure'],
  ...['version', 'versionInfo', 'readinessCheckResults'],
]);

const withoutStatus = (app: unknown) =>
  Object.fromEntries(Object.entries(app as object).filter(([name]) => !statusFields.has(name)));
