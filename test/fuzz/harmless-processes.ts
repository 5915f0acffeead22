import type { Processes } from '../../platform/processes/processes.ts';
import { noProcesses } from '../engine/invariant/memory-files.ts';

const endsWell = Promise.resolve({ kind: 'exited', status: 0 } as const);

async function* saysNothing(): AsyncGenerator<Uint8Array> {
  // At its end at once.
}

/** What a request makes the agent run is never run: it ends well, at once. */
export const harmlessProcesses: Processes = {
  ...noProcesses,
  start: () => Promise.resolve({ id: 2 ** 30, ended: endsWell }),
  startPiped: () =>
    Promise.resolve({
      ...{ id: 2 ** 30, commandId: 2 ** 30, ended: endsWell, stdout: saysNothing(), stderr: saysNothing() },
      write: () => Promise.resolve(),
      closeInput: () => undefined,
      letGo: () => undefined,
    }),
  run: () => Promise.resolve({ kind: 'ended', exitCode: 0, stdout: '', stderr: '' }),
};
