/** Exit codes of the command (documented in docs/errors.md). */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  machine: 3,
  command: 4,
  notReady: 5,
  verification: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
