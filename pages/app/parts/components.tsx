import type { Machine } from '../../picture/machines.ts';
import type { ComponentRow } from '../../picture/tables.ts';
import { words } from '../words.ts';

type Entries = readonly (readonly [string, ComponentRow])[];

/** Machines without an agent, each with what it has and what that says of itself. */
export function Components({ machines }: { readonly machines: readonly Machine[] }) {
  if (machines.length === 0) return null;
  const isOneEach = machines.every(({ components }) => components.length === 1);
  return (
    <section aria-label={words.nodes} class="machines">
      {isOneEach ? (
        <ComponentList components={machines.flatMap(({ components }) => components)} />
      ) : (
        machines.map(({ name, components }) => (
          <article class="box" key={name}>
            <h2>{name}</h2>
            <ComponentList components={components} />
          </article>
        ))
      )}
    </section>
  );
}

/** As `status` says it of masters and Marathons, and as ZooKeeper does. */
const leading: ReadonlySet<string> = new Set(['leads', 'leader']);

/** The one that leads is marked by a star, a word and its weight. */
export const ComponentList = ({ components }: { readonly components: Entries }) => (
  <ul class="components">
    {components.map(([id, { url, about, state, isUp }]) => {
      const isLeader = isUp && leading.has(state);
      return (
        <li key={id} class={isUp ? (isLeader ? 'up leads' : 'up') : 'down'}>
          {isLeader && <span aria-hidden="true">★ </span>}
          {url === undefined ? (
            id
          ) : (
            <a href={url} title={about}>
              {id}
            </a>
          )}{' '}
          <span class="quiet">{state}</span>
        </li>
      );
    })}
  </ul>
);
