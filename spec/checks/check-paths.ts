import { showText } from '../show-value.ts';
import type { SpecPath, SpecProblem } from '../spec-problem.ts';
import { mistake, warning, type Check } from './mistake.ts';

/** znodes and the work directory. */
export const checkPaths: Check = ({ mesos, marathon }, { mesosZkPath, marathonZkPath, workDir }) => [
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
    mistake('SPEC_PATH', path, message, {
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
  if (mesos === marathon) return [mistake('SPEC_PATH', path, 'Mesos and Marathon have the same znode', details)];
  const nested = mesos.startsWith(`${marathon}/`) || marathon.startsWith(`${mesos}/`);
  return nested
    ? [warning('SPEC_PATH', path, 'One of the znodes of Mesos and Marathon is inside the other', details)]
    : [];
}

const forbiddenFolders: readonly { readonly folder: string; readonly reason: string }[] = [
  { folder: '/tmp', reason: 'is cleared by the system, and with it the state of Mesos' },
  { folder: '/proc', reason: 'belongs to the kernel' },
  { folder: '/sys', reason: 'belongs to the kernel' },
  { folder: '/dev', reason: 'belongs to the kernel' },
  { folder: '/run', reason: "is emptied at each start, and holds Docker's socket" },
  { folder: '/var/run', reason: "is emptied at each start, and holds Docker's socket" },
];

function workDirProblems(workDir: string, path: SpecPath): readonly SpecProblem[] {
  const wrong = (message: string, fix = 'Write /var/lib/mesos, or remove the key') => [
    mistake('SPEC_PATH', path, message, {
      found: showText(workDir),
      allowed: 'an absolute path of letters, digits and . _ / -, such as /var/lib/mesos',
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
  const forbidden = forbiddenFolders.find(({ folder }) => workDir === folder || workDir.startsWith(`${folder}/`));
  return forbidden ? wrong(`The work directory is under ${forbidden.folder}, which ${forbidden.reason}`) : [];
}
