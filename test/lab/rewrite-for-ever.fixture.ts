import { compareLab } from '../../lab/compare-lab.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { writeLab } from '../../lab/write-lab.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { versionedRequest } from './versioned-lab.ts';

/*
 * The program that the test kills: writes two versions of one lab by turns, and new labs beside it, until it dies.
 * Arguments: the folder to work in.
 */
const root = process.argv[2] ?? '';
const directory = `${root}/lab`;

for (let round = 1; ; round += 1) {
  recoverLab(nodeFileSystem, directory);
  writeLab(nodeFileSystem, compareLab(nodeFileSystem, versionedRequest(directory, round % 2, 'regenerate')));
  const created = `${root}/lab-${process.pid}-${round}`;
  writeLab(nodeFileSystem, compareLab(nodeFileSystem, versionedRequest(created, round % 2, 'create')));
  process.stdout.write('.');
}
