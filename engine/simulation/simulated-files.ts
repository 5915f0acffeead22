import type { ViewedFiles } from '../agent/views/agent-view.ts';

/** Of no use to whoever knows that nothing runs, but whoever looks for a task's output is told so there. */
const stdout = [
  'This is a simulated task: nothing was run, and nothing answers at its ports.',
  'simulated by create-mesos-cluster (simulatedAgents)',
  '',
].join('\n');

const names = ['stderr', 'stdout'];
const contentOf = (path: string) => Buffer.from(path.endsWith('/stdout') ? stdout : '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The sandboxes of simulated tasks: each has a file that says what it is, and none takes any room. */
export const simulatedFiles: ViewedFiles = {
  realPath: (path) => Promise.resolve(path),
  kindOf: (path) => Promise.resolve(names.includes(nameOf(path)) ? 'file' : isSandbox(path) ? 'folder' : undefined),
  browse: (folder) =>
    Promise.resolve(
      names.map((name) => ({
        name,
        ...{ mode: '-rw-r--r--', modeBits: 0o100644, mtime: 0, nlink: 1, size: contentOf(`${folder}/${name}`).length },
        ...{ uid: 'simulated', gid: 'simulated' },
      })),
    ),
  readPart: (path, offset, length) => {
    const content = contentOf(path);
    return Promise.resolve({ size: content.length, bytes: content.subarray(offset, offset + length) });
  },
  // eslint-disable-next-line @typescript-eslint/require-await
  readAll: async function* (path) {
    yield contentOf(path);
  },
  machine: () => Promise.resolve(noMachine),
};

/** `…/executors/TASK/runs/CONTAINER`, or `…/latest`; of a task in a group `…/containers/CONTAINER` below. */
const isSandbox = (path: string) => /\/(?:runs|containers)\/[^/]+$/.test(path);

const noMachine = {
  ...{ cpus: 0, memoryTotalBytes: 0, memoryFreeBytes: 0, diskTotalBytes: 0 },
  load: [0, 0, 0] as const,
};
