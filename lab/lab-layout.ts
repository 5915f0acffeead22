/** The tool's own folder in a lab. */
export const stateFolder = '.mesos-cluster';
export const manifestPath = `${stateFolder}/manifest.json`;
/** There only while a write is between its commit and its end. */
export const journalPath = `${stateFolder}/journal.json`;
/** Held while a command changes what runs; beside the folder of the run, because it outlives it. */
export const lockPath = `${stateFolder}/run.lock`;
/** Held while a drill runs, and what it has touched, until that is healed. */
export const drillLockPath = `${stateFolder}/drill.lock`;
export const drillRecordPath = `${stateFolder}/drill.json`;

const stagePattern = /^next-([0-9]{1,10})$/;

/** Name of the folder, in the state folder, where a process collects the files of a write. */
export function stageName(processId: number): string {
  return `next-${String(processId)}`;
}

/** The process that a name in the state folder says is staging there; undefined for every other name. */
export function stageOwner(name: string): number | undefined {
  const digits = stagePattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a path is relative, has forward slashes only, and cannot leave the folder it is joined to. */
export function staysInside(path: string): boolean {
  if (path.includes('\\') || path.includes('\0') || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The absolute path of a path in a lab; slashes do on every system, and `join` would take them apart one by one. */
export function inLab(directory: string, path: string): string {
  return path === '' ? directory : `${directory}/${path}`;
}

/** The folder of a relative path; empty for the lab itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** All folders that hold a path, from the outermost on: `a/b/c` gives `a`, `a/b`. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}

/** Orders paths by their characters, alike on every machine; what is in one folder stays together. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
