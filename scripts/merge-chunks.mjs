import { createHash } from 'node:crypto';

/*
 * Opening a file costs a start more than parsing it, and esbuild makes a chunk for every set of entry points that share
 * something: two dozen files before the first line of output. So chunks are put together:
 *   main.cjs   what every start loads
 *   hot-*      what the hot command loads on top
 *   more-*     all other small chunks
 * and large ones, of which most starts need none, stay on their own. Each chunk keeps a function scope of its own and
 * runs when it is first asked for, as it would in a file of its own; so the order and the cycles of loading stay.
 */

const largeBytes = 12_000;

/**
 * @param {ReadonlyMap<string, string>} chunks CommonJS sources by file name; they require each other by `./name`
 * @param {(name: string) => readonly string[]} importsOf names of the chunks that one imports statically
 * @param {string | undefined} hot name of the chunk of the command whose start counts
 * @returns {Map<string, string>} CommonJS sources by file name; main.cjs is among them
 */
export function mergeChunks(chunks, importsOf, hot) {
  const every = closure('main.cjs', importsOf);
  const onTop = hot === undefined ? [] : closure(hot, importsOf);
  const hash = createHash('sha256')
    .update([...chunks].join('\0'))
    .digest('hex')
    .slice(0, 8);
  const groupOf = (name) => {
    if (every.includes(name)) return 'main.cjs';
    if (onTop.includes(name)) return `hot-${hash}.cjs`;
    return chunks.get(name).length < largeBytes ? `more-${hash}.cjs` : name;
  };
  const groups = new Map();
  for (const name of [...chunks.keys()].sort()) {
    groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  }
  const require = requireFrom(groupOf, groups);
  const sourceIn = (file) => (name) => chunks.get(name).replaceAll(chunkRequire, require(file));
  return new Map(
    [...groups].map(([file, members]) => [
      file,
      isMerged(file, groups) ? mergedFile(file, members, sourceIn(file)) : sourceIn(file)(file),
    ]),
  );
}

const chunkRequire = /\brequire\("\.\/([\w.-]+\.cjs)"\)/g;

/** A chunk and all that it imports, directly or not. */
function closure(name, importsOf, found = []) {
  if (found.includes(name)) return found;
  found.push(name);
  for (const next of importsOf(name)) closure(next, importsOf, found);
  return found;
}

/** What stands in place of `require("./chunk")` in a file: the chunk may be in this file, in a merged one, or alone. */
const requireFrom = (groupOf, groups) => (file) => (original, name) => {
  const group = groupOf(name);
  if (!isMerged(group, groups)) return original;
  return group === file ? `requireChunk("${name}")` : `require("./${group}").requireChunk("${name}")`;
};

const isMerged = (file, groups) => file === 'main.cjs' || groups.get(file)[0] !== file;

// requireChunk is a name that no minified chunk declares itself.
function mergedFile(file, members, sourceOf) {
  // Parentheses tell V8 to compile a function together with the file: most of these are called at once.
  const factories = members.map((name) => `"${name}":(function(module,exports){${sourceOf(name)}\n})`);
  return [
    '"use strict";',
    `const factories={${factories.join(',\n')}},loaded={};`,
    'function requireChunk(name){let chunk=loaded[name];',
    'if(!chunk){chunk=loaded[name]={exports:{}};factories[name](chunk,chunk.exports)}return chunk.exports}',
    'exports.requireChunk=requireChunk;',
    ...(file === 'main.cjs' ? ['requireChunk("main.cjs");'] : []),
    '',
  ].join('\n');
}
