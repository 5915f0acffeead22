import './mesos.css';
import type { FrameworkRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { megabytes, share, sum, tenths } from '../parts/amounts.tsx';
import { StateChip } from '../parts/chips.tsx';
import { List } from '../parts/list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

type Row = readonly [string, FrameworkRow];

/** Frameworks that are there, and those that have ended. */
export function Frameworks({ known }: { readonly known: Known }) {
  const { frameworks, agents } = known.picture;
  const total = sum([...agents.values()].map((agent) => agent.total));
  const all = [...frameworks];
  const ended = all.filter(([, { state }]) => state === 'completed');
  const shareOf = ({ used }: FrameworkRow) => Math.max(share(used.cpus, total.cpus), share(used.mem, total.mem));
  const columns = [
    {
      title: words.name,
      show: ([id, { name }]: Row) => <a href={linkTo('frameworks', id)}>{name === '' ? id : name}</a>,
      sortBy: ([, { name }]: Row) => name,
    },
    {
      title: words.state,
      show: ([, { state }]: Row) => <StateChip state={state} />,
      sortBy: ([, { state }]: Row) => state,
    },
    { title: words.views.tasks, show: ([, { tasks }]: Row) => tasks, sortBy: ([, { tasks }]: Row) => tasks },
    {
      title: words.cpus,
      show: ([, { used }]: Row) => tenths(used.cpus),
      sortBy: ([, { used }]: Row) => used.cpus,
    },
    {
      title: words.memory,
      show: ([, { used }]: Row) => megabytes(used.mem),
      sortBy: ([, { used }]: Row) => used.mem,
    },
    {
      title: words.share,
      show: ([, row]: Row) => words.percent(shareOf(row)),
      sortBy: ([, row]: Row) => shareOf(row),
    },
    {
      title: words.roles,
      show: ([, { roles }]: Row) => roles.join(', '),
      sortBy: ([, { roles }]: Row) => roles.join(', '),
    },
    { title: words.user, show: ([, { user }]: Row) => user, sortBy: ([, { user }]: Row) => user },
    {
      title: words.id,
      show: ([id]: Row) => <span class="quiet">{id}</span>,
      sortBy: ([id]: Row) => id,
    },
  ];
  const list = { keyOf: ([id]: Row) => id, textOf: ([id, { name, roles }]: Row) => `${id} ${name} ${roles.join(' ')}` };
  const names = new Set<string>([words.name, words.roles, words.user, words.id]);
  return (
    <>
      <h2>{words.views.frameworks}</h2>
      <List
        {...list}
        name={words.views.frameworks}
        rows={all.filter(([, { state }]) => state !== 'completed')}
        empty={words.noFrameworks}
        columns={columns}
      />
      {ended.length > 0 && (
        <>
          <h2>{words.completedFrameworks}</h2>
          <List
            {...list}
            name={words.completedFrameworks}
            rows={ended}
            empty=""
            columns={columns.filter(({ title }) => names.has(title))}
          />
        </>
      )}
    </>
  );
}
