import type { Processes } from '../../../platform/processes/processes.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { VirtualTime } from './virtual-time.ts';

const unused = (): never => {
  throw new Error('nothing here needs this');
};

/** Files that are in memory. Whatever is done to them takes a moment, and is done at the end of it. */
export function memoryFiles(time: Pick<VirtualTime, 'pass' | 'random'>): Sandboxes {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const soon = async <Result>(action: () => Result): Promise<Result> => {
    await time.pass(time.random() * 3);
    return action();
  };
  const isIn = (folder: string, path: string) => path === folder || path.startsWith(`${folder}/`);
  const below = (folder: string) => [...files.keys(), ...links.keys()].filter((path) => path.startsWith(`${folder}/`));
  const append = (file: string, text: string) => soon(() => void files.set(file, (files.get(file) ?? '') + text));
  return {
    makeFolder: () => soon(() => undefined),
    link: (target, path) => soon(() => void links.set(path, target)),
    append,
    openAppend: (file) => soon(() => ({ append: (text) => append(file, text), close: () => undefined })),
    writeRecord: (file, text) => soon(() => void files.set(file, text)),
    rename: (file, newFile) =>
      soon(() => {
        files.set(newFile, files.get(file) ?? '');
        files.delete(file);
      }),
    readRecord: (file) => soon(() => files.get(file)),
    remove: (path) =>
      soon(() => {
        for (const all of [files, links]) for (const each of [...all.keys()]) if (isIn(path, each)) all.delete(each);
      }),
    names: (folder) =>
      soon(() => [...new Set(below(folder).map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort()),
    realPath: (path) =>
      soon(() => {
        const target = links.get(path);
        return target === undefined ? undefined : `${path.slice(0, path.lastIndexOf('/'))}/${target}`;
      }),
    modifiedAt: () => soon(() => 0),
    kindOf: () => soon(() => undefined),
    machine: () =>
      soon(() => ({ cpus: 4, memoryTotalBytes: 0, memoryFreeBytes: 0, diskTotalBytes: 0, load: [0, 0, 0] as const })),
    freeBytes: () => undefined,
    confined: unused,
    browse: unused,
    readPart: unused,
    readAll: unused,
    usedBytes: unused,
  };
}

/** All tasks are simulated containers: nobody starts a process, and none is an orphan. */
export const noProcesses: Processes = {
  inheritedEnvironment: {},
  start: unused,
  startPiped: unused,
  run: unused,
  decompress: unused,
  signalGroup: () => false,
  signalProcess: () => false,
  describe: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  environmentOf: () => Promise.resolve(undefined),
  usageOf: () => Promise.resolve(new Map()),
};
