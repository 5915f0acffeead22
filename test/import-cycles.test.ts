import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ejsForEsbuild } from '../scripts/ejs-plugin.mjs';

type Graph = Readonly<Record<string, readonly string[]>>;

/** What each file imports when it is loaded: neither types nor import(). */
function graphOf({ inputs }: Metafile): Graph {
  const edges = Object.entries(inputs).map(([file, { imports }]): [string, string[]] => [
    file,
    imports.filter(({ kind, external }) => kind === 'import-statement' && !external).map(({ path }) => path),
  ]);
  return Object.fromEntries(edges);
}

/** The files of a cycle, in its order; undefined when there is none. */
function findCycle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    const found = (graph[file] ?? []).map((next) => visit(next, [...path, file])).find((cycle) => cycle !== undefined);
    done.add(file);
    return found;
  };
  return Object.keys(graph)
    .map((file) => visit(file, []))
    .find((cycle) => cycle !== undefined);
}

describe('imports', () => {
  it('never run in a circle', async () => {
    const { metafile } = await build({
      absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
      entryPoints: ['bin/create-mesos-cluster.ts'],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      splitting: true,
      outdir: 'dist',
      write: false,
      metafile: true,
      plugins: [ejsForEsbuild],
      logLevel: 'silent',
    });
    expect(findCycle(graphOf(metafile))).toBeUndefined();
  });

  it('would be found out if they did', () => {
    expect(findCycle({ a: ['b', 'c'], b: [], c: ['d'], d: ['b', 'c'] })).toEqual(['c', 'd', 'c']);
  });
});
