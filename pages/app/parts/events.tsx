import { useRef, useState } from 'preact/hooks';
import type { EventRow, Tables } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { linkTo } from '../route.ts';
import { kindOf, kinds, words, type Kind } from '../words.ts';
import { time } from './when.tsx';

/** Signs beside the words, so that a line is found by its shape. */
const signs: { readonly [Each in Kind]: string } = { agents: '▣', tasks: '●', apps: '◆', cluster: '★' };

type Events = ReadonlyMap<string, EventRow>;

/** What just happened, the latest first. It stands still while somebody reads it. */
export function Events({ known }: { readonly known: Known }) {
  const [kind, setKind] = useState<Kind>();
  const [held, setHeld] = useState<Events>();
  const list = useRef<HTMLOListElement>(null);
  const { events } = known.picture;
  const hold = () => {
    setHeld((before) => before ?? events);
  };
  const release = () => {
    if ((list.current?.scrollTop ?? 0) > 0) return;
    setHeld(undefined);
  };
  const shown = [...(held ?? events)].reverse().filter(([, event]) => kind === undefined || kindOf(event) === kind);
  const more = held === undefined ? 0 : countNew(held, events);
  return (
    <section class="happened">
      <h2>{words.happened}</h2>
      <div class="actions" role="group" aria-label={words.kindsOfEvents}>
        {[undefined, ...kinds].map((each) => (
          <button
            key={each ?? 'all'}
            type="button"
            aria-pressed={kind === each}
            onClick={() => {
              setKind(each);
            }}
          >
            {each === undefined ? words.allEvents : words.eventKinds[each]}
          </button>
        ))}
        <span class="quiet" role="status">
          {held === undefined ? '' : words.paused(more)}
        </span>
      </div>
      {shown.length === 0 && <p class="quiet">{words.noEvents}</p>}
      <ol
        class="events"
        ref={list}
        tabIndex={0}
        aria-label={words.happened}
        aria-live="off"
        onMouseEnter={hold}
        onMouseLeave={release}
        onFocus={hold}
        onBlur={release}
        onScroll={() => {
          if ((list.current?.scrollTop ?? 0) > 0) hold();
        }}
      >
        {shown.map(([id, event]) => (
          <Line key={id} event={event} tables={known.picture} />
        ))}
      </ol>
    </section>
  );
}

/** Ids are numbers that grow. */
function countNew(held: Events, events: Events): number {
  const last = Number([...held.keys()].at(-1) ?? 0);
  return [...events.keys()].filter((id) => Number(id) > last).length;
}

function Line({ event, tables }: { readonly event: EventRow; readonly tables: Known['picture'] }) {
  const link = linkOf(event, tables);
  const text = words.event(event);
  const kind = kindOf(event);
  return (
    <li class={event.kind}>
      <time dateTime={new Date(event.at).toISOString()}>{time.format(event.at)}</time>
      <span class="kind" aria-hidden="true">
        {signs[kind]}
      </span>
      <span class="kind-word">{words.eventFrom(event)}</span>
      <span>
        {link === undefined ? text : <a href={link}>{text}</a>}
        {event.count === undefined ? '' : <b class="count"> ×{event.count.toLocaleString('en')}</b>}
      </span>
    </li>
  );
}

type Links = { readonly [Name in keyof Tables]: ReadonlyMap<string, unknown> };

/** To what it is about, while that is known. */
function linkOf({ kind, id = '', about }: EventRow, tables: Links): string | undefined {
  if (kind.startsWith('agent-') && tables.agents.has(id)) return linkTo('agents', id);
  if (kind.startsWith('framework-') && tables.frameworks.has(id)) return linkTo('frameworks', id);
  if ((kind === 'task-state' || kind === 'health') && tables.tasks.has(id)) return linkTo('tasks', id);
  // Marathon names tasks by their app, the last of its names first: `web.shop`.
  const app = kind === 'task-state' ? `/${about.split('.').reverse().join('/')}` : about;
  return tables.apps.has(app) ? linkTo('apps', app) : undefined;
}
