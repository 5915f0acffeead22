import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareLab } from '../../lab/compare-lab.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { writeLab } from '../../lab/write-lab.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { sampleRequest, snapshot, temporaryFolder } from './sample-labs.ts';

const strangerId = 77;
const withStranger: FileSystem = { ...nodeFileSystem, isProcessAlive: (id) => id === strangerId };

function lab() {
  const root = temporaryFolder();
  const directory = join(root, 'lab');
  const request = sampleRequest(directory);
  writeLab(nodeFileSystem, compareLab(nodeFileSystem, request));
  const changed = {
    ...request,
    files: [{ path: 'docker-compose.yml', content: 'new\n' }],
    purpose: 'regenerate',
  } as const;
  return { root, directory, changed, journal: join(directory, '.mesos-cluster/journal.json') };
}

describe('recovering a lab', () => {
  it('does nothing where there is no lab, or nothing to do', () => {
    expect(recoverLab(nodeFileSystem, join(temporaryFolder(), 'missing'))).toBe('nothing');
    expect(recoverLab(nodeFileSystem, temporaryFolder())).toBe('nothing');
    expect(recoverLab(nodeFileSystem, lab().directory)).toBe('nothing');
  });

  it('takes a write for settled whose journal another process removes at that moment', () => {
    const { directory, journal } = lab();
    writeFileSync(journal, '{}');
    const racing: FileSystem = {
      ...nodeFileSystem,
      readText: (file) => {
        if (file === journal) nodeFileSystem.removeFile(journal);
        return nodeFileSystem.readText(file);
      },
    };
    expect(recoverLab(racing, directory)).toBe('nothing');
  });

  it('leaves a write alone that another process is at, and so does another write', () => {
    const { directory, changed } = lab();
    mkdirSync(join(directory, `.mesos-cluster/next-${strangerId}`));
    const before = snapshot(directory);
    expect(recoverLab(withStranger, directory)).toBe('nothing');
    expect(() => {
      writeLab(withStranger, compareLab(withStranger, changed));
    }).toThrow('Another process is writing');
    expect(snapshot(directory)).toEqual(before);
  });

  it('does not let a write pass over one that waits to be finished', () => {
    const { directory, changed, journal } = lab();
    writeFileSync(journal, JSON.stringify({ format: 1, stage: 'next-9', put: [], remove: [] }));
    const before = snapshot(directory);
    expect(() => {
      writeLab(nodeFileSystem, compareLab(nodeFileSystem, changed));
    }).toThrow('Another process is writing');
    expect(snapshot(directory)).toEqual(before);
    expect(recoverLab(nodeFileSystem, directory)).toBe('finished');
  });

  it.each([
    ['is not JSON', 'garbage'],
    ['is empty', ''],
    ['has another format', JSON.stringify({ format: 2, stage: 'next-1', put: [], remove: [] })],
    ['removes a file outside', JSON.stringify({ format: 1, stage: 'next-1', put: [], remove: ['../precious'] })],
    ['writes a file outside', JSON.stringify({ format: 1, stage: 'next-1', put: ['/tmp/x'], remove: [] })],
    ['has its files outside', JSON.stringify({ format: 1, stage: '../..', put: [], remove: [] })],
  ])('follows no journal that %s', (_, text) => {
    const { root, directory, journal } = lab();
    writeFileSync(join(root, 'precious'), '');
    writeFileSync(journal, text);
    const before = snapshot(root);
    expect(() => recoverLab(nodeFileSystem, directory)).toThrow('LAB_EDITED');
    expect(snapshot(root)).toEqual(before);
  });

  it('follows no links', () => {
    const { directory, journal } = lab();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'precious'), 'old');
    mkdirSync(join(directory, '.mesos-cluster/next-1'));
    writeFileSync(join(directory, '.mesos-cluster/next-1/0'), 'new');
    symlinkSync(outside, join(directory, 'link'));
    writeFileSync(journal, JSON.stringify({ format: 1, stage: 'next-1', put: ['link/precious'], remove: [] }));
    expect(() => recoverLab(nodeFileSystem, directory)).toThrow('link is a symbolic link');
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('old');
  });
});
