import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareLab } from '../../lab/compare-lab.ts';
import type { LabRequest } from '../../lab/lab-request.ts';
import { writeLab } from '../../lab/write-lab.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { sampleRequest, snapshot, temporaryFolder, toolFolder } from './sample-labs.ts';

function write(request: LabRequest, files: FileSystem = nodeFileSystem): void {
  writeLab(files, compareLab(files, request));
}

/** Does something as a user that permissions hold for: they do not hold for root. */
function asOrdinaryUser(action: () => void): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('creating a lab', () => {
  it('writes spec, generated files, copies and a sorted manifest, and nothing else', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'tool.cjs'), 'console.log(1);');
    const copies = [{ path: `${toolFolder}/main.cjs`, from: join(root, 'tool.cjs') }];
    write(sampleRequest(join(root, 'lab'), { copies }));
    const { '.mesos-cluster/manifest.json': manifest = '', ...others } = snapshot(join(root, 'lab'));
    expect(others).toEqual({
      '.mesos-cluster/': '',
      '.mesos-cluster/tool/': '',
      '.mesos-cluster/tool/main.cjs': 'console.log(1);',
      'apps/': '',
      'apps/basic-0.json': '{ "id": "basic-0" }\n',
      'docker-compose.yml': 'services: {}\n',
      'mesos-cluster.yaml': 'name: lab\n',
      'nodes/': '',
      'nodes/node1/': '',
      'nodes/node1/start.sh': '#!/bin/sh\necho start\n',
    });
    expect(manifest).toMatch(/^\{\n {2}"tool": "create-mesos-cluster",\n {2}"version": "1\.0\.0",\n {2}"files": \{\n/);
    const { files } = JSON.parse(manifest) as { files: Record<string, string> };
    expect(Object.keys(files)).toEqual([
      '.mesos-cluster/tool/main.cjs',
      'apps/basic-0.json',
      'docker-compose.yml',
      'nodes/node1/start.sh',
    ]);
    expect(Object.keys(snapshot(root)).filter((path) => !path.startsWith('lab/'))).toEqual(['tool.cjs']);
  });

  it('gives the same lab in a new folder, below missing ones, in an empty one and in one with only .git', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'empty'));
    mkdirSync(join(root, 'git/.git'), { recursive: true });
    for (const name of ['new', 'a/b/below', 'empty', 'git']) write(sampleRequest(join(root, name)));
    const { '.git/': git, ...rest } = snapshot(join(root, 'git'));
    expect(git).toBe('');
    for (const name of ['a/b/below', 'empty']) expect(snapshot(join(root, name))).toEqual(snapshot(join(root, 'new')));
    expect(rest).toEqual(snapshot(join(root, 'new')));
  });

  it('compares without writing', () => {
    const root = temporaryFolder();
    const { changes, fresh } = compareLab(nodeFileSystem, sampleRequest(join(root, 'a', 'lab')));
    expect(fresh).toBe(true);
    expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'create .mesos-cluster/manifest.json',
      'create apps/basic-0.json',
      'create docker-compose.yml',
      'create mesos-cluster.yaml',
      'create nodes/node1/start.sh',
    ]);
    expect(snapshot(root)).toEqual({});
  });

  it('is refused where there is a file, a dangling link, a lab, or anything else', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
    write(sampleRequest(join(root, 'lab')));
    mkdirSync(join(root, 'full'));
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(root, 'full', name), '');
    const before = snapshot(root);
    const creating = (name: string) => () => {
      write(sampleRequest(join(root, name)));
    };
    expect(creating('file')).toThrow(/LAB_EXISTS: .*file is a file, not a folder/);
    expect(creating('dangling')).toThrow(/LAB_EXISTS: .*dangling is a symbolic link that leads to no folder/);
    expect(creating('lab')).toThrow(/LAB_EXISTS: .*lab is a lab already/);
    expect(creating('full')).toThrow(/LAB_EXISTS: .*full is not empty/);
    expect(creating('file/below')).toThrow(/MACHINE_NOT_WRITABLE: .*: a part of the path is not a folder/);
    expect(snapshot(root)).toEqual(before);
  });

  it('goes beside what is there if forced, and refuses to be stopped by it', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'mine.txt'), 'mine');
    writeFileSync(join(directory, 'docker-compose.yml'), 'mine');
    write(sampleRequest(directory, { force: true }));
    expect(snapshot(directory)).toMatchObject({ 'mine.txt': 'mine', 'docker-compose.yml': 'services: {}\n' });
  });

  it('is refused, with the reason, where the user may not write', () => {
    const root = temporaryFolder();
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'empty'));
    chmodSync(join(root, 'empty'), 0o555);
    chmodSync(root, 0o555);
    asOrdinaryUser(() => {
      for (const name of ['empty', 'new']) {
        expect(() => {
          write(sampleRequest(join(root, name)));
        }).toThrow(/MACHINE_NOT_WRITABLE: .* cannot be written: permission denied/);
      }
    });
    expect(Object.keys(snapshot(root))).toEqual(['empty/']);
    chmodSync(root, 0o755);
  });

  it('is refused before anything changes if a folder of an old lab is protected', () => {
    const root = temporaryFolder();
    const request = sampleRequest(join(root, 'lab'));
    write(request);
    const before = snapshot(root);
    const files = request.files.map((file) => ({ ...file, content: 'new\n' }));
    // Not asked of the system itself: it answers for root, whatever user the test plays.
    const protecting: FileSystem = { ...nodeFileSystem, isWritable: (folder) => !folder.endsWith('nodes/node1') };
    expect(() => {
      write({ ...request, files, purpose: 'regenerate' }, protecting);
    }).toThrow(/MACHINE_NOT_WRITABLE: .*nodes\/node1 cannot be written: permission denied/);
    expect(snapshot(root)).toEqual(before);
  });

  it('notices a folder that appears in the meantime', () => {
    const directory = join(temporaryFolder(), 'lab');
    const comparison = compareLab(nodeFileSystem, sampleRequest(directory));
    mkdirSync(directory);
    writeFileSync(join(directory, 'theirs'), '');
    expect(() => {
      writeLab(nodeFileSystem, comparison);
    }).toThrow('LAB_EXISTS');
    expect(Object.keys(snapshot(join(directory, '..')))).toEqual(['lab/', 'lab/theirs']);
  });

  it('removes the drafts of killed processes, and only those', () => {
    const root = temporaryFolder();
    const living = process.ppid;
    const files: FileSystem = { ...nodeFileSystem, isProcessAlive: (id) => id === living };
    const drafts = [
      '.lab.mesos-cluster-99',
      `.lab.mesos-cluster-${living}`,
      '.lab.mesos-cluster-99x',
      '.lab2.mesos-cluster-99',
    ];
    for (const name of drafts) mkdirSync(join(root, name));
    symlinkSync(root, join(root, '.lab.mesos-cluster-98'));
    write(sampleRequest(join(root, 'lab')), files);
    expect(existsSync(join(root, '.lab.mesos-cluster-99'))).toBe(false);
    for (const name of [...drafts.slice(1), '.lab.mesos-cluster-98']) expect(existsSync(join(root, name))).toBe(true);
  });

  it('writes thousands of files', { timeout: 60_000 }, () => {
    const directory = join(temporaryFolder(), 'lab');
    const files = Array.from({ length: 3_000 }, (_, index) => {
      return { path: `nodes/node${index}/docker-compose.yml`, content: `name: node${index}\n` };
    });
    write(sampleRequest(directory, { files }));
    const again = compareLab(nodeFileSystem, sampleRequest(directory, { files, purpose: 'regenerate' }));
    expect(again.changes).toHaveLength(3_002);
    expect(again.changes.every(({ kind }) => kind === 'unchanged')).toBe(true);
  });
});
