import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUserError } from '../../errors/user-error.ts';
import { compareLab } from '../../lab/compare-lab.ts';
import type { LabRequest } from '../../lab/lab-request.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { writeLab } from '../../lab/write-lab.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { dyingFileSystem, failingFileSystem, Killed } from './dying-file-system.ts';
import { sampleRequest, snapshot, temporaryFolder, toolFolder } from './sample-labs.ts';

type Snapshot = Readonly<Record<string, string>>;

function write(request: LabRequest, files = nodeFileSystem): void {
  writeLab(files, compareLab(files, request));
}

/** The first problem of the UserError that an action throws. */
function problemOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    if (isUserError(error)) return error.problems[0];
    throw error;
  }
  throw new Error('it did not fail');
}

/** Does something on a file system on which its process is killed; returns whether it got that far. */
function dieDuring(killAt: number, action: (files: FileSystem) => void): boolean {
  const { files, died } = dyingFileSystem(nodeFileSystem, killAt);
  try {
    action(files);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  return died();
}

function writeAndDie(request: LabRequest, killAt: number): boolean {
  return dieDuring(killAt, (files) => {
    write(request, files);
  });
}

function recoverAndDie(directory: string, killAt: number): boolean {
  return dieDuring(killAt, (files) => recoverLab(files, directory));
}

/** Calls a check for a kill at every change in turn, until the write survives; returns how many there were. */
function forEveryKill(begin: () => void, request: LabRequest, check: (killedAt: number) => void): number {
  for (let killAt = 0; ; killAt += 1) {
    begin();
    if (!writeAndDie(request, killAt)) return killAt;
    check(killAt);
  }
}

function expectWholeFiles(now: Snapshot, before: Snapshot, after: Snapshot): void {
  const torn = Object.entries(now).filter(([path, content]) => {
    const own = path.startsWith('.mesos-cluster/next-');
    return (
      !path.endsWith('/') &&
      !own &&
      path !== '.mesos-cluster/journal.json' &&
      ![before[path], after[path]].includes(content)
    );
  });
  expect(torn).toEqual([]);
}

/** An old lab, the request for a new one that creates, updates, keeps and removes files, and both as they look when whole. */
function twoVersions() {
  const root = temporaryFolder();
  const [tool, next] = [join(root, 'tool.cjs'), join(root, 'next.cjs')];
  writeFileSync(tool, 'console.log(1)');
  writeFileSync(next, 'console.log(2)');
  const directory = join(root, 'lab');
  const old = sampleRequest(directory, { copies: [{ path: `${toolFolder}/main.cjs`, from: tool }] });
  const request = sampleRequest(directory, {
    files: [
      { path: 'docker-compose.yml', content: 'services: { zookeeper: {} }\n' },
      { path: 'apps/basic-0.json', content: '{ "id": "basic-0" }\n' },
      { path: 'nodes/node2/docker-compose.yml', content: 'services: {}\n' },
    ],
    copies: [
      { path: `${toolFolder}/chunk.cjs`, from: next },
      { path: `${toolFolder}/main.cjs`, from: next },
    ],
    spec: { path: 'mesos-cluster.yaml', content: 'name: other\n' },
    replaceSpec: true,
    purpose: 'regenerate',
  });
  write(old);
  writeFileSync(join(directory, 'notes.txt'), "the user's own");
  const before = snapshot(directory);
  cpSync(directory, join(root, 'kept'), { recursive: true });
  const restore = (): void => {
    rmSync(directory, { recursive: true, force: true });
    cpSync(join(root, 'kept'), directory, { recursive: true });
  };
  write(request);
  const after = snapshot(directory);
  restore();
  return { root, directory, request, before, after, restore };
}

describe('a kill while a lab is rewritten', () => {
  it('leaves, at every point, whole files, and after recovery exactly the old lab or the new one', () => {
    const { directory, request, before, after, restore } = twoVersions();
    const outcomes: string[] = [];
    forEveryKill(restore, request, (killedAt) => {
      expectWholeFiles(snapshot(directory), before, after);
      const outcome = recoverLab(nodeFileSystem, directory);
      expect(snapshot(directory), `killed at change ${killedAt}`).toEqual(outcome === 'finished' ? after : before);
      expect(recoverLab(nodeFileSystem, directory)).toBe('nothing');
      outcomes.push(outcome);
    });
    // Once a write is decided, it stays decided.
    expect(outcomes.lastIndexOf('undone')).toBeLessThan(outcomes.indexOf('finished'));
    expect(new Set(outcomes.slice(outcomes.indexOf('finished')))).toEqual(new Set(['finished']));
    expect(snapshot(directory)).toEqual(after);
  });

  it('is survived even if the recovery is killed too, again and again', () => {
    const { directory, request, before, after, restore } = twoVersions();
    forEveryKill(restore, request, () => {
      for (let killAt = 0; recoverAndDie(directory, killAt); killAt += 1) {
        expectWholeFiles(snapshot(directory), before, after);
      }
      expect([before, after]).toContainEqual(snapshot(directory));
    });
  });

  it('is survived even if the recovery of a write that was just decided is killed too, at every point', () => {
    const { directory, request, after, restore } = twoVersions();
    const journal = join(directory, '.mesos-cluster/journal.json');
    let decided = 0;
    forEveryKill(restore, request, (killedAt) => {
      if (decided === 0 && existsSync(journal)) decided = killedAt;
    });
    expect(decided).toBeGreaterThan(0);
    for (let killAt = 0, died = true; died; killAt += 1) {
      restore();
      writeAndDie(request, decided);
      expect(existsSync(journal)).toBe(true);
      died = recoverAndDie(directory, killAt);
      recoverLab(nodeFileSystem, directory);
      expect(snapshot(directory)).toEqual(after);
    }
  });

  it('never leaves the entry point of the tool without the chunks it needs', () => {
    const { directory, request, restore } = twoVersions();
    forEveryKill(restore, request, () => {
      const isNew = readFileSync(join(directory, toolFolder, 'main.cjs'), 'utf8') === 'console.log(2)';
      expect(isNew && !existsSync(join(directory, toolFolder, 'chunk.cjs'))).toBe(false);
    });
  });
});

describe('a kill while a lab is created', () => {
  it('leaves, at every point, no folder or the complete lab, and the next run removes what was left beside it', () => {
    const root = temporaryFolder();
    const request = sampleRequest(join(root, 'labs', 'lab'));
    write(request);
    const complete = snapshot(root);
    const kills = forEveryKill(
      () => {
        rmSync(join(root, 'labs'), { recursive: true, force: true });
      },
      request,
      () => {
        expect(recoverLab(nodeFileSystem, request.directory)).toBe('nothing');
        if (!existsSync(request.directory)) write(request);
        expect(snapshot(root)).toEqual(complete);
      },
    );
    expect(kills).toBeGreaterThan(8);
  });

  it('leaves, in a folder that was there, that folder as it was or the complete lab after recovery', () => {
    const root = temporaryFolder();
    const request = sampleRequest(join(root, 'lab'));
    const begin = (): void => {
      rmSync(root, { recursive: true });
      mkdirSync(join(request.directory, '.git'), { recursive: true });
    };
    begin();
    const before = snapshot(root);
    write(request);
    const complete = snapshot(root);
    forEveryKill(begin, request, () => {
      const outcome = recoverLab(nodeFileSystem, request.directory);
      expect(snapshot(root)).toEqual(outcome === 'finished' ? complete : before);
    });
  });
});

describe('a failure while a lab is written', () => {
  it('is explained, and leaves the old lab, or one that recovery makes the new one, at every point', () => {
    const { directory, request, before, after, restore } = twoVersions();
    let failures = 0;
    for (let failAt = 0; ; failAt += 1) {
      restore();
      let message = '';
      try {
        write(request, failingFileSystem(nodeFileSystem, failAt, 'ENOSPC'));
      } catch (error) {
        message = String(error);
      }
      if (message === '') break;
      failures += 1;
      expect(message).toContain(`MACHINE_NOT_WRITABLE: ${directory} cannot be written: the disk is full (ENOSPC)`);
      if (!existsSync(join(directory, '.mesos-cluster/journal.json'))) expect(snapshot(directory)).toEqual(before);
      else {
        expect(recoverLab(nodeFileSystem, directory)).toBe('finished');
        expect(snapshot(directory)).toEqual(after);
      }
    }
    expect(failures).toBeGreaterThan(10);
  });

  it('names the lab, not the file of the tool that was being copied, nor what was there for the moment', () => {
    const root = temporaryFolder();
    const from = join(root, 'main.cjs');
    writeFileSync(from, 'tool');
    const directory = join(root, 'lab');
    const request = sampleRequest(directory, { copies: [{ path: `${toolFolder}/main.cjs`, from }] });
    const fullDisk: FileSystem = {
      ...nodeFileSystem,
      copy: (path, dest) => {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'copyfile', path, dest });
      },
    };
    expect(
      problemOf(() => {
        write(request, fullDisk);
      }),
    ).toMatchObject({
      place: { path: directory },
      message: `${directory} cannot be written: the disk is full (ENOSPC)`,
      fix: 'Make room, and run the command again. Nothing was written',
    });
  });

  it('says that another process is at work when a file vanishes', () => {
    const directory = join(temporaryFolder(), 'lab');
    const request = sampleRequest(directory);
    write(request, nodeFileSystem);
    const path = join(directory, '.mesos-cluster/next-1/0');
    const racing: FileSystem = {
      ...nodeFileSystem,
      makeFolders: () => {
        throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'mkdir', path });
      },
    };
    const changed = { ...request, files: [], purpose: 'regenerate' } as const;
    expect(
      problemOf(() => {
        write(changed, racing);
      }),
    ).toMatchObject({
      place: { path: directory },
      message: expect.stringContaining('another process writes there too'),
      fix: 'Run the command again when no other one works on the folder. Nothing was written',
    });
  });

  it('leaves nothing of a new lab, nor of the folders made for it', () => {
    const root = temporaryFolder();
    const request = sampleRequest(join(root, 'a', 'b', 'lab'));
    for (let failAt = 0; failAt < 8; failAt += 1) {
      expect(() => {
        write(request, failingFileSystem(nodeFileSystem, failAt, 'EROFS'));
      }).toThrow('the file system is read-only (EROFS)');
      expect(snapshot(root)).toEqual({});
    }
  });
});
