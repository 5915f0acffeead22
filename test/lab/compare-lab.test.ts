import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUserError, type Problem } from '../../errors/user-error.ts';
import { compareLab, refuseEdits } from '../../lab/compare-lab.ts';
import type { LabRequest } from '../../lab/lab-request.ts';
import { writeLab } from '../../lab/write-lab.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { sampleRequest, snapshot, temporaryFolder, toolFolder } from './sample-labs.ts';

function write(request: LabRequest): void {
  writeLab(nodeFileSystem, compareLab(nodeFileSystem, request));
}

/** The problems of the error for the user that an action throws. */
function problemsOf(action: () => void): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (isUserError(error)) return error.problems;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function kinds(request: LabRequest): Readonly<Record<string, string>> {
  const { changes } = compareLab(nodeFileSystem, request);
  return Object.fromEntries(changes.map(({ path, kind, edited }) => [path, edited ? `${kind}, edited` : kind]));
}

/** A lab that was just created, and the request to write it again. */
function existingLab(parts: Partial<LabRequest> = {}) {
  const directory = join(temporaryFolder(), 'lab');
  const created = sampleRequest(directory, parts);
  write(created);
  return { directory, created, again: { ...created, purpose: 'regenerate' } satisfies LabRequest };
}

describe('writing a lab again', () => {
  it('changes no byte, and touches no file', () => {
    const { directory, again } = existingLab();
    const [before, touched] = [snapshot(directory), statSync(join(directory, '.mesos-cluster')).mtimeMs];
    write(again);
    expect(snapshot(directory)).toEqual(before);
    expect(statSync(join(directory, '.mesos-cluster')).mtimeMs).toBe(touched);
    expect(new Set(Object.values(kinds(again)))).toEqual(new Set(['unchanged']));
  });

  it('creates, updates and removes what differs, and empty folders with it', () => {
    const { directory, again } = existingLab();
    const files = [
      { path: 'docker-compose.yml', content: 'services: { marathon: {} }\n' },
      { path: 'apps/nginx.json', content: '{}\n' },
    ];
    expect(kinds({ ...again, files })).toEqual({
      '.mesos-cluster/manifest.json': 'update',
      'apps/basic-0.json': 'remove',
      'apps/nginx.json': 'create',
      'docker-compose.yml': 'update',
      'mesos-cluster.yaml': 'unchanged',
      'nodes/node1/start.sh': 'remove',
    });
    write({ ...again, files });
    expect(Object.keys(snapshot(directory))).toEqual([
      '.mesos-cluster/',
      '.mesos-cluster/manifest.json',
      'apps/',
      'apps/nginx.json',
      'docker-compose.yml',
      'mesos-cluster.yaml',
    ]);
  });

  it("leaves the user's files alone, also in folders of removed ones", () => {
    const { directory, again } = existingLab();
    writeFileSync(join(directory, 'apps/mine.json'), '{}');
    write({ ...again, files: [] });
    expect(Object.keys(snapshot(directory))).toContain('apps/mine.json');
    expect(Object.keys(snapshot(directory))).not.toContain('nodes/');
  });

  it('replaces the spec only if the request says so, edited or not', () => {
    const { directory, again } = existingLab();
    writeFileSync(join(directory, 'mesos-cluster.yaml'), '# mine\nname: lab\n');
    write(again);
    expect(readFileSync(join(directory, 'mesos-cluster.yaml'), 'utf8')).toBe('# mine\nname: lab\n');
    write({ ...again, replaceSpec: true });
    expect(readFileSync(join(directory, 'mesos-cluster.yaml'), 'utf8')).toBe('name: lab\n');
  });

  it('keeps files executable that are to be run', () => {
    const { directory, again } = existingLab();
    const script = { path: 'nodes/node1/start.sh', content: '#!/bin/sh\n', executable: true };
    const mode = (): number => statSync(join(directory, script.path)).mode & 0o111;
    expect(mode()).toBe(0o111);
    write({ ...again, files: [script] });
    expect(mode()).toBe(0o111);
  });

  it('is refused in a folder that is no lab', () => {
    const directory = temporaryFolder();
    for (const place of [directory, join(directory, 'missing')]) {
      const problems = problemsOf(() => {
        write(sampleRequest(place, { purpose: 'regenerate' }));
      });
      expect(problems).toMatchObject([{ code: 'USAGE_NOT_A_LAB' }]);
    }
    expect(snapshot(directory)).toEqual({});
  });

  it('is refused if a newer version wrote it, unless forced', () => {
    const { again } = existingLab({ toolVersion: '1.10.0' });
    const older = { ...again, toolVersion: '1.9.0' };
    expect(problemsOf(() => compareLab(nodeFileSystem, older))).toMatchObject([{ code: 'LAB_NEWER' }]);
    expect(kinds({ ...older, force: true })['.mesos-cluster/manifest.json']).toBe('update');
  });
});

describe('files that were edited by hand', () => {
  it('are all named at once, and nothing is written', () => {
    const { directory, again } = existingLab();
    writeFileSync(join(directory, 'docker-compose.yml'), 'services: { mine: {} }\n');
    writeFileSync(join(directory, 'apps/basic-0.json'), '{}\n');
    const before = snapshot(directory);
    const comparison = compareLab(nodeFileSystem, again);
    const problems = problemsOf(() => {
      refuseEdits(comparison);
    });
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'LAB_EDITED apps/basic-0.json was edited by hand, and would be overwritten',
      'LAB_EDITED docker-compose.yml was edited by hand, and would be overwritten',
    ]);
    expect(problems.map(({ fix }) => fix?.includes('--force'))).toEqual([undefined, true]);
    expect(() => {
      writeLab(nodeFileSystem, comparison);
    }).toThrow('LAB_EDITED');
    expect(snapshot(directory)).toEqual(before);
  });

  it('are overwritten by force', () => {
    const { directory, again } = existingLab();
    const before = snapshot(directory);
    writeFileSync(join(directory, 'docker-compose.yml'), 'services: { mine: {} }\n');
    write({ ...again, force: true });
    expect(snapshot(directory)).toEqual(before);
  });

  it('do not count if the edit is what would be written now, or the file was only deleted', () => {
    const { directory, again } = existingLab();
    writeFileSync(join(directory, 'docker-compose.yml'), 'services: { new: {} }\n');
    rmSync(join(directory, 'apps/basic-0.json'));
    const files = again.files.map((file) =>
      file.path === 'docker-compose.yml' ? { ...file, content: 'services: { new: {} }\n' } : file,
    );
    expect(kinds({ ...again, files })).toMatchObject({
      'docker-compose.yml': 'unchanged',
      'apps/basic-0.json': 'create',
    });
  });

  it('count if they would be removed, if the tool did not write them, and if the manifest is lost or damaged', () => {
    const { directory, again } = existingLab();
    writeFileSync(join(directory, 'apps/basic-0.json'), '{ "cpus": 4 }\n');
    writeFileSync(join(directory, 'Vagrantfile'), '# mine\n');
    const files = [
      { path: 'Vagrantfile', content: '# generated\n' },
      { path: 'docker-compose.yml', content: 'services: { new: {} }\n' },
    ];
    expect(kinds({ ...again, files })).toMatchObject({
      'apps/basic-0.json': 'remove, edited',
      Vagrantfile: 'update, edited',
      'docker-compose.yml': 'update',
    });
    for (const text of ['{"version": "1.0.0", "files": {"../../etc/passwd": "x"}}', 'garbage', '[]', '']) {
      writeFileSync(join(directory, '.mesos-cluster/manifest.json'), text);
      expect(kinds({ ...again, files })).toMatchObject({ 'docker-compose.yml': 'update, edited' });
    }
  });

  it('are found among the copies of the tool too, whether or not their fingerprints are given', () => {
    const tool = join(temporaryFolder(), 'tool.cjs');
    writeFileSync(tool, 'console.log(1);');
    const { directory, again } = existingLab({ copies: [{ path: `${toolFolder}/main.cjs`, from: tool }] });
    expect(kinds(again)).toMatchObject({ [`${toolFolder}/main.cjs`]: 'unchanged' });
    writeFileSync(join(directory, toolFolder, 'main.cjs'), 'console.log(0);');
    expect(kinds(again)).toMatchObject({ [`${toolFolder}/main.cjs`]: 'update, edited' });
    write({ ...again, force: true });
    expect(readFileSync(join(directory, toolFolder, 'main.cjs'), 'utf8')).toBe('console.log(1);');
    const manifest: unknown = JSON.parse(readFileSync(join(directory, '.mesos-cluster/manifest.json'), 'utf8'));
    const mark = (manifest as { files: Record<string, string> }).files[`${toolFolder}/main.cjs`] ?? '';
    const given = { ...again, copies: [{ path: `${toolFolder}/main.cjs`, from: '/nowhere', fingerprint: mark }] };
    expect(kinds(given)).toMatchObject({ [`${toolFolder}/main.cjs`]: 'unchanged' });
  });
});

describe('a lab of a version with other fingerprints', () => {
  /** The lab as it is, with a manifest as the first versions wrote it: 16 digits for each file. */
  function formerLab() {
    const tool = join(temporaryFolder(), 'tool.cjs');
    writeFileSync(tool, 'console.log(1);');
    const lab = existingLab({ copies: [{ path: `${toolFolder}/main.cjs`, from: tool }] });
    const path = join(lab.directory, '.mesos-cluster/manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/"[0-9a-f]{64}"/g, '"96d55d0cc057ccfa"'));
    writeFileSync(tool, 'console.log(2);');
    return lab;
  }

  it('is written again where nothing differs but the tool itself, also when a file of the tool has another name now', () => {
    const { directory, again } = formerLab();
    const copies = again.copies.map((copy) => ({ ...copy, path: `${toolFolder}/other.cjs` }));
    expect(kinds(again)).toMatchObject({ [`${toolFolder}/main.cjs`]: 'update', 'docker-compose.yml': 'unchanged' });
    expect(kinds({ ...again, copies })).toMatchObject({ [`${toolFolder}/main.cjs`]: 'remove' });
    write({ ...again, copies });
    expect(readFileSync(join(directory, '.mesos-cluster/manifest.json'), 'utf8')).not.toContain('96d55d0cc057ccfa');
  });

  it('loses no edit: what would change is refused by name, and by force it is written', () => {
    const { directory, again } = formerLab();
    const files = [{ path: 'docker-compose.yml', content: 'services: { new: {} }\n' }];
    const problems = problemsOf(() => {
      write({ ...again, files });
    });
    expect(problems.map(({ message }) => message)).toContain(
      'docker-compose.yml is of an older version, which leaves no sign whether it was edited by hand, and would be overwritten',
    );
    write({ ...again, files, force: true });
    expect(readFileSync(join(directory, 'docker-compose.yml'), 'utf8')).toBe('services: { new: {} }\n');
    expect(kinds({ ...again, force: false })).toMatchObject({ 'docker-compose.yml': 'update' });
  });
});

describe('links in a lab', () => {
  it('are never written through: all in the way are named, force or not', () => {
    const { directory, again } = existingLab();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'basic-0.json'), 'outside');
    rmSync(join(directory, 'apps'), { recursive: true });
    symlinkSync(outside, join(directory, 'apps'));
    rmSync(join(directory, 'docker-compose.yml'));
    symlinkSync(join(outside, 'new.yml'), join(directory, 'docker-compose.yml'));
    const problems = problemsOf(() => {
      write({ ...again, force: true });
    });
    expect(problems.map(({ code, message }) => `${code} ${message}`).sort()).toEqual([
      'LAB_EDITED apps is a symbolic link, where a folder of the lab belongs',
      'LAB_EDITED docker-compose.yml is a symbolic link, where a file of the lab belongs',
    ]);
    expect(snapshot(outside)).toEqual({ 'basic-0.json': 'outside' });
  });

  it('are not followed to remove what is no longer generated', () => {
    const { directory, again } = existingLab();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'basic-0.json'), '{ "id": "basic-0" }\n');
    rmSync(join(directory, 'apps'), { recursive: true });
    symlinkSync(outside, join(directory, 'apps'));
    expect(() => {
      write({ ...again, files: [], force: true });
    }).toThrow('apps is a symbolic link');
    expect(Object.keys(snapshot(outside))).toEqual(['basic-0.json']);
  });

  it('are refused in the place of the tool folder, and of a spec that would be replaced', () => {
    const { directory, again } = existingLab();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'shared.yaml'), 'name: shared\n');
    rmSync(join(directory, 'mesos-cluster.yaml'));
    symlinkSync(join(outside, 'shared.yaml'), join(directory, 'mesos-cluster.yaml'));
    expect(kinds(again)).toMatchObject({ 'mesos-cluster.yaml': 'unchanged' });
    expect(() => compareLab(nodeFileSystem, { ...again, replaceSpec: true })).toThrow(
      'mesos-cluster.yaml is a symbolic link',
    );
    rmSync(join(directory, '.mesos-cluster'), { recursive: true });
    symlinkSync(outside, join(directory, '.mesos-cluster'));
    expect(() => compareLab(nodeFileSystem, again)).toThrow('.mesos-cluster is a symbolic link');
  });

  it('may lead to the lab itself', () => {
    const { directory, again } = existingLab();
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    write({ ...again, directory: link, files: [] });
    expect(Object.keys(snapshot(directory))).not.toContain('docker-compose.yml');
  });

  it('are not the only things in the way: folders and files in the wrong places are named alike', () => {
    const { directory, again } = existingLab();
    rmSync(join(directory, 'docker-compose.yml'));
    mkdirSync(join(directory, 'docker-compose.yml'));
    rmSync(join(directory, 'nodes'), { recursive: true });
    writeFileSync(join(directory, 'nodes'), '');
    const problems = problemsOf(() => compareLab(nodeFileSystem, again));
    expect(problems.map(({ message }) => message).sort()).toEqual([
      'docker-compose.yml is a folder, where a file of the lab belongs',
      'nodes is a file, where a folder of the lab belongs',
    ]);
  });
});

describe('a mistake of a generator', () => {
  it.each([
    ['/etc/passwd', 'cannot have a file'],
    ['../outside', 'cannot have a file'],
    ['a/../../b', 'cannot have a file'],
    ['a\\b', 'cannot have a file'],
    ['.mesos-cluster/journal.json', 'cannot have a file'],
    ['docker-compose.yml', 'Two files'],
    ['docker-compose.yml/x', 'both a file and a folder'],
  ])('is a bug, not an error for the user: %s', (path, message) => {
    const request = sampleRequest(join(temporaryFolder(), 'lab'));
    const wrong = { ...request, files: [...request.files, { path, content: '' }] };
    expect(() => compareLab(nodeFileSystem, wrong)).toThrow(message);
    expect(() => compareLab(nodeFileSystem, wrong)).not.toThrow(/LAB_|MACHINE_/);
  });
});
