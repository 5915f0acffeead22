import { showText } from '../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { problem, warning, type Rule } from './rule.ts';

/** znodes and the work directory. */
export const checkPaths: Rule = ({ mesos, marathon }, { mesosZkPath, marathonZkPath, workDir }) => [
  ...(mesos?.zkPath === undefined ? [] : znodeProblems(mesos.zkPath, ['mesos', 'zkPath'])),
  ...(marathon?.zkPath === undefined ? [] : znodeProblems(marathon.zkPath, ['marathon', 'zkPath'])),
  ...sharedZnodes(
    mesosZkPath,
    marathonZkPath,
    marathon?.zkPath === undefined ? ['mesos', 'zkPath'] : ['marathon', 'zkPath'],
  ),
  ...(mesos?.workDir === undefined ? [] : workDirProblems(workDir, ['mesos', 'workDir'])),
];

function znodeProblems(znode: string, path: SpecPath): readonly SpecProblem[] {
  const wrong = (message: string, fix: string) => [
    problem('SPEC_PATH', path, message, {
      found: showText(znode),
      allowed: 'an absolute path such as /mesos or /lab/mesos: letters, digits, . _ -, no slash at the end',
      fix,
    }),
  ];
  if (znode === '/')
    return wrong('The root of ZooKeeper cannot be used: Mesos does not accept it', 'Write /mesos or /marathon');
  if (/^\/zookeeper(?:\/|$)/.test(znode)) return wrong("/zookeeper is ZooKeeper's own", 'Write /mesos or /marathon');
  const segments = znode.split('/').slice(1);
  const right = znode.startsWith('/') && segments.every((name) => /^(?!\.{1,2}$)[\w.-]+$/.test(name));
  if (right) return [];
  const repaired = `/${znode
    .split('/')
    .filter((name) => /^(?!\.{1,2}$)[\w.-]+$/.test(name))
    .join('/')}`;
  return wrong(
    'The path of a znode does not parse',
    repaired === '/' ? 'Write /mesos or /marathon' : `Write ${repaired.slice(0, 100)}`,
  );
}

function sharedZnodes(mesos: string, marathon: string, path: SpecPath): readonly SpecProblem[] {
  const details = {
    found: `${showText(mesos)} and ${showText(marathon)}`,
    allowed: 'two paths beside each other',
    fix: 'Write /mesos for one and /marathon for the other',
  };
  if (mesos === marathon) return [problem('SPEC_PATH', path, 'Mesos and Marathon have the same znode', details)];
  const nested = mesos.startsWith(`${marathon}/`) || marathon.startsWith(`${mesos}/`);
  return nested
    ? [warning('SPEC_PATH', path, 'One of the znodes of Mesos and Marathon is inside the other', details)]
    : [];
}

/** Folders that no work directory is in. */
const forbiddenFolders: ReadonlyMap<string, string> = new Map([
  ...['/bin', '/boot', '/etc', '/lib', '/lib32', '/lib64', '/libx32', '/root', '/sbin', '/usr'].map(
    (folder) => [folder, 'belongs to the system'] as const,
  ),
  ...['/dev', '/proc', '/sys'].map((folder) => [folder, 'belongs to the kernel'] as const),
  ...['/tmp', '/var/tmp'].map(
    (folder) => [folder, 'is cleared by the system, and with it the state of Mesos'] as const,
  ),
  ...['/run', '/var/run'].map((folder) => [folder, "is emptied at each start, and holds Docker's socket"] as const),
  ...['/var/lib/docker', '/var/lib/containerd'].map((folder) => [folder, 'belongs to Docker'] as const),
]);

/** Folders of many: a work directory can be inside, but not be one of them. */
const sharedFolders = /^\/(?:[^/]+|home\/[^/]+|var\/(?:backups|cache|lib|local|lock|log|mail|opt|spool|www))$/;

function workDirProblems(workDir: string, path: SpecPath): readonly SpecProblem[] {
  const wrong = (message: string, fix = 'Write /var/lib/mesos, or remove the key') => [
    problem('SPEC_PATH', path, message, {
      found: showText(workDir),
      allowed: 'a folder of its own, such as /var/lib/mesos or /srv/mesos: letters, digits and . _ - between slashes',
      fix,
    }),
  ];
  if (!workDir.startsWith('/')) return wrong('The work directory is not an absolute path');
  if (workDir === '/') return wrong('The work directory cannot be the root of the file system');
  if (!/^[A-Za-z0-9._/-]+$/.test(workDir))
    return wrong('The work directory has characters that some program would misread');
  const names = workDir.split('/').slice(1);
  if (names.some((name) => name === '' || name === '.' || name === '..')) {
    return wrong(
      'The work directory is not written in its shortest form',
      'Write it without //, /./, /../ and a slash at the end',
    );
  }
  const folders = names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
  const forbidden = folders.find((folder) => forbiddenFolders.has(folder));
  if (forbidden !== undefined) {
    const where = forbidden === workDir ? 'is' : 'is under';
    return wrong(`The work directory ${where} ${forbidden}, which ${forbiddenFolders.get(forbidden) ?? ''}`);
  }
  if (!sharedFolders.test(workDir)) return [];
  return wrong(
    `The work directory is ${workDir}, which is no folder of its own`,
    `Write a folder in it: ${workDir}/mesos`,
  );
}
