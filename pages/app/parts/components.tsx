import type { ComponentRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { words } from '../words.ts';

/** What the lab has beside agents, machine by machine, each with what it says of itself. */
export function Components({ known }: { readonly known: Known }) {
  const { components } = known.picture;
  if (components.size === 0) return null;
  const nodes = Map.groupBy(components, ([, { node }]) => node);
  const isOneEach = nodes.size === components.size;
  return (
    <section aria-label={words.nodes} class="machines">
      {isOneEach ? (
        <List components={[...components]} />
      ) : (
        [...nodes].map(([node, members]) => (
          <article class="box" key={node}>
            <h2>{node}</h2>
            <List components={members} />
          </article>
        ))
      )}
    </section>
  );
}

const List = ({ components }: { readonly components: readonly (readonly [string, ComponentRow])[] }) => (
  <ul class="components">
    {components.map(([id, { url, about, state, isUp }]) => (
      <li key={id} class={isUp ? (state === words.leader ? 'up leads' : 'up') : 'down'}>
        {url === undefined ? id : <a href={url} title={about}>{id}</a>} <span class="quiet">{state}</span>
      </li>
    ))}
  </ul>
);
