/**
 * Calls back with errors that nobody caught, instead of letting Node.js end the process: it would print the line of the
 * bundle that the error comes from, which is a hundred thousand characters long.
 */
export function onUncaughtError(callback: (error: Error) => void): void {
  const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason)));
  process.on('uncaughtException', callback);
  process.on('unhandledRejection', (reason) => {
    callback(asError(reason));
  });
}

/** Calls back with what a promise of this thread was rejected with when nobody caught it, which then ends nothing. */
export function onUnhandledRejection(callback: (reason: unknown) => void): void {
  process.on('unhandledRejection', callback);
}

/** Calls back when this process gets SIGUSR1, with which Node.js otherwise opens its debugger. */
export function onUserSignal(callback: () => void): void {
  process.on('SIGUSR1', callback);
}
