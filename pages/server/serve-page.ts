import assets from 'page-files';
import type { Handler } from '../../engine/http/http-server.ts';
import { listenWithToken } from '../../engine/http/listen-with-token.ts';
import { router } from '../../engine/http/router.ts';
import type { AddonUrl } from './addons/addon-routes.ts';
import { ClusterPage, type ClusterPageOptions } from './cluster-page.ts';
import { LessonDesk, type RunLearn } from './learn/lesson-desk.ts';
import { pageRoutes, type PageSettings } from './page-routes.ts';
import { RegistryDesk, type FindRegistry } from './registry/registry-desk.ts';
import type { AgentUrl } from './task-files.ts';

export type { RunLearn };

export interface LabPageOptions extends ClusterPageOptions {
  readonly agentUrl: AgentUrl;
  /** Of the lab; empty: it has none. */
  readonly name: string;
  /** What is set in the lab, and why; missing: nobody knows. */
  readonly settings?: PageSettings;
  /** Missing: there is no lab to learn in. */
  readonly learn?: RunLearn;
  /** Missing: there is no lab that could have one. */
  readonly registry?: FindRegistry;
  /** Missing: there is no lab that could have any. */
  readonly addonUrl?: AddonUrl;
  /** What changes need. */
  readonly token: string;
}

export interface ServePageOptions extends Omit<LabPageOptions, 'token'> {
  /** 0: one that is free. */
  readonly port: number;
  readonly log: (line: string) => void;
}

export interface ServedPage {
  /** With the token that changes need: for the terminal, and for nobody else. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The page of a lab, for a server on loopback. */
export function labPage(options: LabPageOptions): { readonly handler: Handler; readonly stop: () => void } {
  const { agentUrl, addonUrl, name, settings, learn, registry, token, now } = options;
  const subject = { kind: 'lab', name } as const;
  const page = new ClusterPage(options);
  const lessons = learn === undefined ? undefined : new LessonDesk({ run: learn, now });
  const about = {
    ...(settings === undefined ? {} : { settings }),
    ...(lessons === undefined ? {} : { lessons }),
    ...(registry === undefined ? {} : { registry: new RegistryDesk(registry) }),
    ...(addonUrl === undefined ? {} : { addonUrl }),
  };
  return {
    handler: router(pageRoutes({ page, assets, subject, root: '/', agentUrl, changes: { token }, ...about })),
    stop: () => {
      page.stop();
      lessons?.stop();
    },
  };
}

/**
 * Serves the page of a lab on loopback.
 * @throws the system's error (`EADDRINUSE`, …) when the port cannot be had
 */
export async function servePage(options: ServePageOptions): Promise<ServedPage> {
  const { port, log } = options;
  let stop: () => void = () => undefined;
  const handlerFor = (token: string) => {
    const page = labPage({ ...options, token });
    stop = page.stop;
    return page.handler;
  };
  const { url, close } = await listenWithToken({ port, log, handlerFor });
  return {
    url,
    close: () => {
      stop();
      return close();
    },
  };
}
