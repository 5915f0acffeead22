/** Calls back when this process gets SIGUSR1, with which Node.js otherwise opens its debugger. */
export function onUserSignal(callback: () => void): void {
  process.on('SIGUSR1', callback);
}
