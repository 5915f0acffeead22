import { useEffect, useState } from 'preact/hooks';

/** Where the reader is: `#/apps/%2Fshop%2Fweb`. */
export interface Route {
  readonly view: string;
  /** Empty: all of them. */
  readonly id: string;
  /** A part of it: `configuration` of an app. */
  readonly part: string;
}

/** Marathon's own page begins with what Marathon has. */
const first = location.pathname.startsWith('/ui') ? 'apps' : 'overview';

const current = (): Route => {
  const [, view = '', id = '', part = ''] = location.hash.split('/');
  return { view: view === '' ? first : view, id: decode(id), part };
};

/** What does not decode is looked for as it stands, and not found. */
function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Half a character is none that a URL can have. */
const asText = (id: string) => id.replaceAll(/\p{Surrogate}/gu, '\uFFFD');

export const linkTo = (view: string, id: string, part = ''): string =>
  `#/${view}/${encodeURIComponent(asText(id))}${part === '' ? '' : `/${part}`}`;

export function useRoute(): Route {
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const changed = () => {
      setRoute(current());
      scrollTo(0, 0);
    };
    addEventListener('hashchange', changed);
    return () => {
      removeEventListener('hashchange', changed);
    };
  }, []);
  return route;
}
