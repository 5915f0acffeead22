import { useState } from 'preact/hooks';
import { listAt, numberAt, textAt, valueAt } from '../../../../protocol/json.ts';
import type { Known } from '../../connection.ts';
import { StateChip } from '../../parts/chips.tsx';
import { List } from '../../parts/list.tsx';
import { When } from '../../parts/when.tsx';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';
import { HostPorts } from './host-ports.tsx';
import { KillButton, KillDialog, shortId } from './kill-dialog.tsx';

interface InstancesProps {
  readonly known: Known;
  readonly id: string;
  /** `GET /v2/apps/ID` */
  readonly said: unknown;
}

/** The tasks of an app, as Marathon knows them. */
export function Instances({ known, id, said }: InstancesProps) {
  const [killed, setKilled] = useState('');
  if (said === undefined) return <p class="quiet">{words.ofApps.asking}</p>;
  const tasks = [...listAt(said, 'app', 'tasks')].sort(byAge);
  const version = textAt(said, 'app', 'version') ?? '';
  const configured = textAt(said, 'app', 'versionInfo', 'lastConfigChangeAt') ?? version;
  const name = id.split('/').filter(Boolean).reverse().join('.');
  const failing = tasks.flatMap((task) => failuresOf(task)).slice(0, mostFailing);
  return (
    <>
      <List
        name={words.instances}
        rows={tasks}
        keyOf={(task) => textAt(task, 'id') ?? ''}
        textOf={(task) => ['id', 'state', 'host', 'version'].map((field) => textAt(task, field) ?? '').join(' ')}
        empty={words.ofApps.noInstances}
        columns={[
          {
            title: words.ofApps.instance,
            show: (task) => (
              <a href={linkTo('tasks', textAt(task, 'id') ?? '')} title={textAt(task, 'id')}>
                {name} <span class="short">{shortId(textAt(task, 'id') ?? '')}</span>
              </a>
            ),
          },
          { title: words.state, show: (task) => <StateChip state={textAt(task, 'state') ?? ''} /> },
          { title: words.health, show: (task) => <Health task={task} /> },
          {
            title: words.ofApps.address,
            show: (task) => <HostPorts host={textAt(task, 'host') ?? ''} ports={listAt(task, 'ports')} />,
          },
          {
            title: words.ofApps.started,
            show: (task) => <When at={textAt(task, 'startedAt') ?? textAt(task, 'stagedAt')} />,
          },
          {
            title: words.ofApps.version,
            show: (task) => <Version at={textAt(task, 'version') ?? ''} configured={configured} />,
          },
          ...(known.mayChange
            ? [
                {
                  title: words.ofApps.doing,
                  show: (task: unknown) => <KillButton id={textAt(task, 'id') ?? ''} onKill={setKilled} />,
                },
              ]
            : []),
        ]}
      />
      {failing.length > 0 && (
        <>
          <h3>{words.ofApps.failing}</h3>
          <ul>
            {failing.map(({ key, text }) => (
              <li key={key}>{text}</li>
            ))}
          </ul>
        </>
      )}
      {killed !== '' && (
        <KillDialog
          what={killed}
          path={`/v2/apps${id}/tasks/${encodeURIComponent(killed)}`}
          mayScale
          onClose={() => {
            setKilled('');
          }}
        />
      )}
    </>
  );
}

const mostFailing = 20;

const byAge = (one: unknown, other: unknown) =>
  (textAt(other, 'stagedAt') ?? '').localeCompare(textAt(one, 'stagedAt') ?? '');

function Version({ at, configured }: { readonly at: string; readonly configured: string }) {
  if (at === '') return <span />;
  return (
    <>
      <When at={at} /> {at < configured && <span class="chip waiting">{words.ofApps.older}</span>}
    </>
  );
}

/** What its checks said last, all of them taken together. */
function Health({ task }: { readonly task: unknown }) {
  const results = listAt(task, 'healthCheckResults');
  if (results.length === 0) return <span class="quiet">{words.unchecked}</span>;
  const failed = results.filter((each) => valueAt(each, 'alive') !== true);
  const last = results.map((each) => textAt(each, failed.length > 0 ? 'lastFailure' : 'lastSuccess') ?? '').sort();
  return (
    <>
      <StateChip state={failed.length > 0 ? 'unhealthy' : 'healthy'} /> <When at={last.at(-1)} />
    </>
  );
}

/** In whole, what checks say that fail. */
function failuresOf(task: unknown): readonly { readonly key: string; readonly text: string }[] {
  const id = textAt(task, 'id') ?? '';
  return listAt(task, 'healthCheckResults').flatMap((result, index) => {
    if (valueAt(result, 'alive') === true && (numberAt(result, 'consecutiveFailures') ?? 0) === 0) return [];
    const cause = textAt(result, 'lastFailureCause') ?? '';
    const failures = numberAt(result, 'consecutiveFailures') ?? 0;
    return [{ key: `${id} ${index}`, text: words.ofApps.checkFailed(shortId(id), index + 1, failures, cause) }];
  });
}
