import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { sharedRegistry, type RegistryStore } from './registry-store.ts';

/** In a file, of the masters of one process. */
export const fileRegistry = (
  path: string,
  files: Pick<Sandboxes, 'readRecord' | 'writeRecord'>,
): (() => RegistryStore) =>
  sharedRegistry({ read: () => files.readRecord(path), write: (text) => files.writeRecord(path, text) });
