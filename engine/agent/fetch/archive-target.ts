import type { ConfinedFolder } from '../../../platform/files/confined-folder.ts';
import type { FetchBudget } from './fetch-budget.ts';

/** Takes what is in an archive. Paths are those of the archive. */
export interface ArchiveTarget {
  readonly folder: (path: string) => Promise<void>;
  readonly file: (path: string, mode: number, content: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly link: (path: string, target: string) => Promise<void>;
  readonly hardLink: (path: string, existing: string) => Promise<void>;
}

/**
 * Where the agent itself writes into a sandbox, it follows links; so no archive may put one there. Some file systems take
 * other letters for the same name.
 */
const isOutput = (path: string) => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 1 && /^std(?:out|err)(?:\.|$)/.test((parts[0] ?? '').normalize('NFKC').toLowerCase());
};

/** Unpacks into a sandbox, within a budget. */
export function sandboxTarget(sandbox: ConfinedFolder, budget: FetchBudget): ArchiveTarget {
  return {
    folder: async (path) => {
      budget.entry();
      await sandbox.makeFolder(path);
    },
    file: async (path, mode, content) => {
      budget.entry();
      await sandbox.writeFile(path, mode, budget.counted(content));
    },
    link: async (path, target) => {
      budget.entry();
      if (isOutput(path)) throw new Error(`'${path}' is the task's output, and must not be a link`);
      await sandbox.link(path, target);
    },
    hardLink: async (path, existing) => {
      budget.entry();
      await sandbox.hardLink(path, existing);
    },
  };
}
