import { useMemo } from 'preact/hooks';
import './mesos.css';
import type { AgentRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { megabytes, share, tenths } from '../parts/amounts.tsx';
import { StateChip } from '../parts/chips.tsx';
import { List } from '../parts/list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

type Attributes = AgentRow['attributes'];

/** As flags have them: `rack:abc` */
export const attributeTexts = (attributes: Attributes): readonly string[] =>
  Object.entries(attributes).map(([name, value]) => `${name}:${value}`);

export const textOfAttributes = (attributes: Attributes): string => attributeTexts(attributes).join(' ');

/** Of a row that is the same it is made once: there may be 10,000, and each letter that is typed asks for all. */
const texts = new WeakMap<AgentRow, string>();

function textOf([id, row]: readonly [string, AgentRow]): string {
  const before = texts.get(row);
  if (before !== undefined) return before;
  const { host, port, attributes, state } = row;
  const text = `${id} ${host}:${port} ${textOfAttributes(attributes)} ${state}`.toLowerCase();
  texts.set(row, text);
  return text;
}

export function Agents({ known }: { readonly known: Known }) {
  const { agents } = known.picture;
  const rows = useMemo(() => [...agents], [agents]);
  return (
    <>
      <h2>{words.views.agents}</h2>
      <List
        name={words.views.agents}
        rows={rows}
        keyOf={([id]) => id}
        textOf={textOf}
        empty={words.noAgents}
        columns={[
          {
            title: words.name,
            show: ([id, { host, port }]) => <a href={linkTo('agents', id)}>{`${host}:${port}`}</a>,
            sortBy: ([, { host, port }]) => `${host}:${port}`,
          },
          {
            title: words.state,
            show: ([, { state }]) => <StateChip state={state} />,
            sortBy: ([, { state }]) => state,
          },
          { title: words.views.tasks, show: ([, { tasks }]) => tasks, sortBy: ([, { tasks }]) => tasks },
          {
            title: words.cpus,
            show: ([, { used, total }]) => (
              <Meter share={share(used.cpus, total.cpus)} text={words.of(tenths(used.cpus), tenths(total.cpus))} />
            ),
            sortBy: ([, { used, total }]) => share(used.cpus, total.cpus),
          },
          {
            title: words.memory,
            show: ([, { used, total }]) => (
              <Meter share={share(used.mem, total.mem)} text={words.of(megabytes(used.mem), megabytes(total.mem))} />
            ),
            sortBy: ([, { used, total }]) => share(used.mem, total.mem),
          },
          {
            title: words.disk,
            show: ([, { used, total }]) => words.of(megabytes(used.disk), megabytes(total.disk)),
            sortBy: ([, { total }]) => total.disk,
          },
          {
            title: words.attributes,
            show: ([, { attributes }]) => textOfAttributes(attributes),
            sortBy: ([, { attributes }]) => textOfAttributes(attributes),
          },
          { title: words.id, show: ([id]) => <span class="quiet">{id}</span>, sortBy: ([id]) => id },
        ]}
      />
      <Unreachable known={known} />
    </>
  );
}

/** Agents that are gone, of which tasks may still run: those tasks alone tell of them. */
function Unreachable({ known }: { readonly known: Known }) {
  const { tasks, agents } = known.picture;
  const counts = new Map<string, number>();
  for (const { state, agent } of tasks.values()) {
    if (state === 'TASK_UNREACHABLE' && !agents.has(agent)) counts.set(agent, (counts.get(agent) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return (
    <section>
      <h2>{words.unreachableAgents}</h2>
      <p class="quiet">{words.aboutUnreachable}</p>
      <List
        name={words.unreachableAgents}
        rows={[...counts]}
        keyOf={([id]) => id}
        empty=""
        columns={[
          { title: words.id, show: ([id]) => <a href={linkTo('agents', id)}>{id}</a> },
          { title: words.views.tasks, show: ([, count]) => count },
        ]}
      />
    </section>
  );
}

const Meter = (props: { readonly share: number; readonly text: string }) => (
  <span class="cell-meter">
    <meter min={0} max={1} value={props.share} aria-label={props.text} /> {props.text}
  </span>
);
