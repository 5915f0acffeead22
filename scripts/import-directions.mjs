import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/*
 * Who may import whom. A folder that is not named here (test, scripts, bench, configuration) may import everything,
 * and be imported by none that is. A folder in a folder has its own rules if it is named.
 *   folders   of the house that it may import (its own it always may)
 *   types     folders of which it may import types alone
 *   packages  npm packages; `true`: all that no other folder has for itself
 *   builtins  of Node.js; `true`: all that platform does not have for itself
 *   doors     files of a folder through which alone it is entered
 */
const house = {
  errors: {},
  protocol: {},
  'protocol/protobuf': { packages: ['@bufbuild/protobuf'] },
  templates: {},
  planning: { folders: ['errors', 'protocol'], packages: ['zod', 'yaml', 'leven'] },
  generators: { folders: ['planning', 'errors', 'templates', 'protocol'], packages: ['yaml'] },
  platform: { folders: ['errors'], packages: true, builtins: true },
  lab: {
    folders: ['errors', 'protocol', 'platform'],
    types: ['planning', 'generators'],
    packages: true,
    builtins: true,
  },
  // Clients of masters and Marathons.
  following: { folders: ['protocol'], builtins: true },
  // What is decided is pure; what asks a cluster, and serves what was decided, is beside it.
  autoscaling: { folders: ['protocol'] },
  'autoscaling/program': {
    folders: ['autoscaling', 'protocol', 'following', 'checks', 'engine'],
    doors: {
      engine: [
        'engine/component.ts',
        'engine/http/http-answer.ts',
        'engine/http/http-server.ts',
        'engine/http/router.ts',
      ],
    },
    builtins: true,
  },
  // It is at a component's own port, too; and whatever serves is served by the engine's server.
  'pages/server': {
    folders: ['pages', 'protocol', 'following', 'checks', 'engine'],
    doors: {
      engine: [
        'engine/http/guards.ts',
        'engine/http/http-answer.ts',
        'engine/http/http-request.ts',
        'engine/http/http-server.ts',
        'engine/http/listen-with-token.ts',
        'engine/http/router.ts',
      ],
    },
    packages: ['page-files'],
    builtins: true,
  },
  pages: { folders: ['protocol'], packages: ['preact'] },
  engine: {
    folders: ['protocol', 'following', 'pages'],
    doors: { pages: ['pages/server/component-page.ts'] },
    types: ['platform'],
    packages: true,
    builtins: true,
  },
  checks: { folders: ['protocol', 'platform'], types: ['planning'], packages: true, builtins: true },
  // Checks of lessons ask over HTTP, as those of verify do.
  lessons: {
    folders: ['errors', 'protocol', 'platform', 'planning', 'checks'],
    packages: ['marked', 'course-files'],
    builtins: true,
  },
  runtimes: {
    folders: ['errors', 'protocol', 'platform', 'checks', 'lab', 'autoscaling'],
    types: ['planning', 'generators'],
    packages: true,
    builtins: true,
  },
  // What real programs take is in the flag tables.
  'runtimes/lite': {
    folders: ['errors', 'protocol', 'platform', 'planning', 'runtimes', 'autoscaling'],
    packages: true,
    builtins: true,
  },
  cli: {
    folders: [
      'errors',
      'protocol',
      'planning',
      'generators',
      'templates',
      'platform',
      'lab',
      'checks',
      'lessons',
      'autoscaling',
      'runtimes',
      'pages',
    ],
    doors: {
      autoscaling: ['autoscaling/labels/read-wish.ts', 'autoscaling/labels/wish.ts'],
      pages: ['pages/server/serve-page.ts', 'pages/picture/tables.ts'],
      runtimes: [
        // The port, and what goes through it.
        'runtimes/cluster-runtime.ts',
        'runtimes/runtime-names.ts',
        'runtimes/doctor-facet.ts',
        'runtimes/images-facet.ts',
        'runtimes/labs-facet.ts',
        'runtimes/clean-up.ts',
        // Where runtimes are made, the two programs that are started by them, and that of somebody's tests.
        'runtimes/real-runtimes.ts',
        'runtimes/embedded/run-daemon.ts',
        'runtimes/embedded/fixture/run-fixture.ts',
        'runtimes/lite/component.ts',
      ],
    },
    packages: true,
    builtins: true,
  },
  testing: { folders: ['platform'], builtins: true },
  bin: { folders: ['cli', 'platform', 'errors'], packages: true, builtins: true },
};

/** What only these may import, whatever the table above grants: paths in the repository. */
const reserved = [
  { builtins: ['fs', 'fs/promises', 'child_process', 'os'], packages: ['execa'], only: ['platform'] },
  { packages: ['zod'], only: ['planning'] },
  { packages: ['@bufbuild/protobuf'], only: ['protocol/protobuf'] },
  { packages: ['yaml'], only: ['planning', 'generators'] },
  { packages: ['marked', 'course-files'], only: ['lessons'] },
  { packages: ['docker-compose'], only: ['runtimes/docker', 'runtimes/hosts'] },
  { folders: ['engine'], only: ['runtimes/embedded', 'runtimes/lite', 'pages/server', 'autoscaling/program'] },
];

const inside = (path, folder) => path === folder || path.startsWith(`${folder}/`);

/**
 * Whether a file may import something.
 * @param {string} file path in the repository, with forward slashes
 * @param {{ kind: 'folder' | 'package' | 'builtin', name: string, path?: string, typeOnly: boolean }} target what is
 *   imported; of a folder also the file in it
 * @returns {string | undefined} why not
 */
function objection(file, { kind, name, path, typeOnly }) {
  const [folder] = file.split('/', 1);
  const room = file.split('/', 2).join('/');
  const rules = [room, folder].filter((each) => Object.hasOwn(house, each)).map((each) => house[each])[0];
  if (rules === undefined || (kind === 'folder' && name === folder)) return undefined;
  const doors = rules.doors?.[name];
  if (kind === 'folder' && doors !== undefined && !doors.includes(path)) {
    return `${folder} enters ${name} only by ${doors.join(', ')}; not by ${path}`;
  }
  const reservation = reserved.find((entry) => entry[`${kind}s`]?.includes(name));
  if (reservation !== undefined && folder !== name) {
    const owner = reservation.only.some((path) => inside(file, path));
    return owner ? undefined : `only ${reservation.only.join(' and ')} may import ${name}`;
  }
  if (kind !== 'folder') {
    const granted = rules[`${kind}s`] ?? [];
    return granted === true || granted.includes(name) ? undefined : `${folder} may not import ${name}`;
  }
  if (rules.folders?.includes(name)) return undefined;
  if (!rules.types?.includes(name)) return `${folder} may not import ${name}`;
  return typeOnly ? undefined : `${folder} may import only types of ${name}`;
}

/** What a specifier names, as seen from a file; undefined for what is outside the repository. */
function targetOf(specifier, fileName, root) {
  if (specifier.startsWith('.') || isAbsolute(specifier)) {
    const path = relative(root, resolve(dirname(fileName), specifier)).split(sep);
    return path[0] === '..' ? undefined : { kind: 'folder', name: path[0], path: path.join('/') };
  }
  if (isBuiltin(specifier)) return { kind: 'builtin', name: specifier.replace(/^node:/, '') };
  return { kind: 'package', name: /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier };
}

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  node.exportKind === 'type' ||
  node.type === 'TSImportType' ||
  (node.specifiers?.length > 0 &&
    node.specifiers.every((each) => each.importKind === 'type' || each.exportKind === 'type'));

/** ESLint rule: reports imports (static, dynamic, of types, and re-exports) that go against the directions. */
export const importDirections = {
  meta: { type: 'problem', schema: [], messages: { forbidden: '{{reason}} (scripts/import-directions.mjs)' } },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const check = (node, source) => {
      if (typeof source?.value !== 'string') return;
      const target = targetOf(source.value, context.filename, context.cwd);
      const reason = target && objection(file, { ...target, typeOnly: isTypeOnly(node) });
      if (reason !== undefined) context.report({ node: source, messageId: 'forbidden', data: { reason } });
    };
    const withSource = (node) => check(node, node.source);
    return {
      ImportDeclaration: withSource,
      ImportExpression: withSource,
      ExportNamedDeclaration: withSource,
      ExportAllDeclaration: withSource,
      TSImportType: withSource,
      CallExpression: (node) => node.callee.name === 'require' && check(node, node.arguments[0]),
    };
  },
};
