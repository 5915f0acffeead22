import type { Handler } from '../http/http-server.ts';
import { route, router, type Route } from '../http/router.ts';
import type { ComponentPageOptions } from '../../pages/server/component-page.ts';

/** A component's own page. */
export interface OwnPage {
  readonly routes: readonly Route[];
  /** Ends what it follows. */
  readonly stop: () => void;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The page at a component's own port. Its code and its files are loaded by who opens it first. */
export function ownPage(options: ComponentPageOptions): OwnPage {
  let loaded: Promise<{ readonly serve: Handler; readonly stop: () => void }> | undefined;
  const load = async () => {
    const { componentPage } = await import('../../pages/server/component-page.ts');
    const { routes, stop } = componentPage(options);
    return { serve: router(routes), stop };
  };
  const serve: Handler = async (request) => (await (loaded ??= load())).serve(request);
  return {
    routes: [route('GET', options.root, serve), ...methods.map((method) => route(method, '/page/*', serve))],
    stop: () => {
      void loaded?.then(({ stop }) => {
        stop();
      });
    },
  };
}
