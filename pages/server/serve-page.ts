import { randomBytes } from 'node:crypto';
import assets from 'page-files';
import { listen, type HttpServer } from '../../engine/http/http-server.ts';
import { router } from '../../engine/http/router.ts';
import { ClusterPage, type ClusterPageOptions } from './cluster-page.ts';
import { pageRoutes } from './page-routes.ts';
import type { AgentUrl } from './task-files.ts';

export interface ServePageOptions extends ClusterPageOptions {
  readonly agentUrl: AgentUrl;
  /** 0: one that is free. */
  readonly port: number;
  readonly log: (line: string) => void;
}

export interface ServedPage {
  /** With the token that changes need: for the terminal, and for nobody else. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** For who looks at components. */
export type { ComponentRow } from '../picture/tables.ts';

const tokenBytes = 24;

/**
 * Serves the page of a lab on loopback.
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function servePage(options: ServePageOptions): Promise<ServedPage> {
  const { agentUrl, port, log } = options;
  const page = new ClusterPage(options);
  const token = randomBytes(tokenBytes).toString('base64url');
  const routes = pageRoutes({ page, assets, root: '/', agentUrl, changes: { token } });
  const server: HttpServer = await listen({ host: '127.0.0.1', port, handler: router(routes), log });
  return {
    url: `${server.url}/#token=${token}`,
    close: async () => {
      page.stop();
      await server.close();
    },
  };
}
