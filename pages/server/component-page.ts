import assets from 'page-files';
import type { Route } from '../../engine/http/router.ts';
import { ClusterPage } from './cluster-page.ts';
import type { PageSubject } from './page-html.ts';
import { pageRoutes } from './page-routes.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

export interface ComponentPageOptions {
  readonly subject: PageSubject;
  /** Where the page is: `/`, or `/ui/`. */
  readonly root: string;
  /** URLs of masters that are looked for the leader. */
  readonly masters: () => readonly string[];
  readonly marathons: () => readonly string[];
  /** Whether apps may be changed: by whoever may use the API beside it, which asks nobody who he is. */
  readonly mayChange: boolean;
}

/** The page that a master or a Marathon of the engine has at its own port. */
export function componentPage({ subject, root, masters, marathons, mayChange }: ComponentPageOptions): {
  readonly routes: readonly Route[];
  readonly stop: () => void;
} {
  const page = new ClusterPage({ masters, marathons, now: Date.now });
  const agentUrl = ({ host, port }: { readonly host: string; readonly port: number }) =>
    // Names below localhost are this machine (RFC 6761), whatever the resolver says of those of simulated agents.
    `http://${hostInUrl(host.replace(/^.*\.localhost$/i, '127.0.0.1'))}:${port}`;
  return {
    routes: pageRoutes({ page, assets, subject, root, agentUrl, changes: mayChange ? 'open' : 'none' }),
    stop: () => {
      page.stop();
    },
  };
}
