import type { Known } from '../connection.ts';
import { words } from '../words.ts';

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** What just happened, the latest first. */
export function Events({ known }: { readonly known: Known }) {
  const events = [...known.picture.events].reverse().slice(0, 100);
  return (
    <section>
      <h2>{words.happened}</h2>
      {events.length === 0 && <p class="quiet">{words.noEvents}</p>}
      <ol class="events" aria-live="off">
        {events.map(([id, event]) => (
          <li key={id} class={event.kind}>
            <time dateTime={new Date(event.at).toISOString()}>{time.format(event.at)}</time> {words.event(event)}
          </li>
        ))}
      </ol>
    </section>
  );
}
