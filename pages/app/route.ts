import { useEffect, useState } from 'preact/hooks';

/** Where the reader is: `#/apps/%2Fshop%2Fweb`. */
export interface Route {
  readonly view: string;
  /** Empty: all of them. */
  readonly id: string;
}

const current = (): Route => {
  const [, view = '', id = ''] = location.hash.split('/');
  return { view: view === '' ? 'overview' : view, id: decode(id) };
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

export const linkTo = (view: string, id: string): string => `#/${view}/${encodeURIComponent(asText(id))}`;

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
