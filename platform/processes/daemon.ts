import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** What a daemon tells who started it, and the other way round; each is one message. */
export type DaemonMessage = Readonly<Record<string, unknown>> & { readonly kind: string };

export interface DaemonOptions {
  /** Run by the Node.js that runs us. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Its standard output and error go there. */
  readonly logFile: string;
}

/** A process that was started to go on after this one. Until it is let go it ends when this one does. */
export interface Daemon {
  readonly pid: number;
  /** The first message of the daemon; undefined when it ended without one. */
  readonly firstMessage: Promise<DaemonMessage | undefined>;
  /** Lets it go on by itself. */
  readonly letGo: () => Promise<void>;
  /** Closes the line, so that it ends by itself; resolves when it has. */
  readonly abandon: () => Promise<void>;
}

export type StartDaemon = (options: DaemonOptions) => Daemon;

/**
 * Starts a process in a session of its own, so that neither Ctrl-C nor a closed terminal reaches it. It holds a line
 * to us: when we die, in whatever way, before letGo, the line breaks and it cleans up.
 */
export const startDaemon: StartDaemon = ({ script, arguments: scriptArguments, cwd, logFile }) => {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [script, ...scriptArguments], {
    cwd,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    windowsHide: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
  const firstMessage = Promise.race([
    new Promise<DaemonMessage>((resolve) => {
      child.once('message', (message) => {
        resolve(message as DaemonMessage);
      });
    }),
    ended.then(() => undefined),
  ]);
  const hangUp = () => {
    if (child.connected) child.disconnect();
  };
  return {
    pid: child.pid ?? 0,
    firstMessage,
    letGo: async () => {
      await new Promise<void>((resolve) => {
        if (!child.connected) resolve();
        else
          child.send({ kind: 'keep' } satisfies DaemonMessage, () => {
            resolve();
          });
      });
      hangUp();
      child.unref();
    },
    abandon: async () => {
      hangUp();
      await ended;
    },
  };
};

/** The other end of the line, in the daemon. */
export interface DaemonParent {
  readonly tell: (message: DaemonMessage) => void;
  /** Calls back when the parent has gone without having let us go. */
  readonly onAbandoned: (callback: () => void) => void;
  /** Calls back at each SIGUSR2: somebody has written what they want. */
  readonly onAsked: (callback: () => void) => void;
  /**
   * Calls back with an error that nobody caught; `false`: of a promise, after which the others can go on.
   * From then on neither ends the process.
   */
  readonly onUncaught: (callback: (error: unknown, isFatal: boolean) => void) => void;
}

/** The line to the process that started this one; abandoned at once when there is none. */
export function daemonParent(): DaemonParent {
  let kept = false;
  process.on('message', (message: DaemonMessage) => {
    if (message.kind === 'keep') kept = true;
  });
  return {
    tell: (message) => {
      // The parent may have died meanwhile; onAbandoned says so.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onAsked: (callback) => {
      process.on('SIGUSR2', callback);
    },
    onUncaught: (callback) => {
      process.on('uncaughtException', (error) => {
        callback(error, true);
      });
      process.on('unhandledRejection', (reason) => {
        callback(reason, false);
      });
    },
    onAbandoned: (callback) => {
      if (!process.connected) callback();
      process.once('disconnect', () => {
        if (!kept) callback();
      });
    },
  };
}
