import type { Known } from '../connection.ts';
import { Bars, megabytes, share, tenths } from '../parts/amounts.tsx';
import { StateChip } from '../parts/chips.tsx';
import { List } from '../parts/list.tsx';
import { TaskList } from '../parts/task-list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

const textOfAttributes = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}:${value}`)
    .join(' ');

export function Agents({ known }: { readonly known: Known }) {
  return (
    <List
      name={words.views.agents}
      rows={[...known.picture.agents]}
      keyOf={([id]) => id}
      textOf={([id, { host, attributes, state }]) => `${id} ${host} ${textOfAttributes(attributes)} ${state}`}
      empty={words.noAgents}
      columns={[
        { title: words.name, show: ([id, { host, port }]) => <a href={linkTo('agents', id)}>{`${host}:${port}`}</a> },
        { title: words.state, show: ([, { state }]) => <StateChip state={state} /> },
        { title: words.views.tasks, show: ([, { tasks }]) => tasks },
        {
          title: words.cpus,
          show: ([, { used, total }]) => (
            <Meter share={share(used.cpus, total.cpus)} text={words.of(tenths(used.cpus), tenths(total.cpus))} />
          ),
        },
        {
          title: words.memory,
          show: ([, { used, total }]) => (
            <Meter share={share(used.mem, total.mem)} text={words.of(megabytes(used.mem), megabytes(total.mem))} />
          ),
        },
        { title: words.attributes, show: ([, { attributes }]) => textOfAttributes(attributes) },
      ]}
    />
  );
}

const Meter = (props: { readonly share: number; readonly text: string }) => (
  <span class="cell-meter">
    <meter min={0} max={1} value={props.share} aria-label={props.text} /> {props.text}
  </span>
);

export function Agent({ known, id }: { readonly known: Known; readonly id: string }) {
  const row = known.picture.agents.get(id);
  if (row === undefined) return <p class="quiet">{words.noMatch}</p>;
  return (
    <>
      <h2>
        {row.host}:{row.port} <StateChip state={row.state} />
      </h2>
      <p class="quiet">
        {id} {textOfAttributes(row.attributes)}
      </p>
      <div class="narrow">
        <Bars used={row.used} total={row.total} />
      </div>
      <TaskList known={known} of={{ agent: id }} />
    </>
  );
}
