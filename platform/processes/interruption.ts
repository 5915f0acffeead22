/** Why the user wants everything to end: the name of a signal. */
export interface Interruption {
  readonly interrupt: (reason: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void;
  readonly isInterrupted: () => boolean;
  /** Made when it is first asked for: Node loads its AbortController lazily, and most runs need none. */
  readonly signal: () => AbortSignal;
}

/** An interruption that has not happened yet. */
export function newInterruption(): Interruption {
  let controller: AbortController | undefined;
  let happened: string | undefined;
  return {
    interrupt: (reason) => {
      happened ??= reason;
      controller?.abort(happened);
    },
    isInterrupted: () => happened !== undefined,
    signal: () => {
      if (controller === undefined) {
        controller = new AbortController();
        if (happened !== undefined) controller.abort(happened);
      }
      return controller.signal;
    },
  };
}
