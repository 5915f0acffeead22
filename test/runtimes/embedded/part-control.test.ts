import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import {
  controlParts,
  readParts,
  readRequest,
  stateOf,
  writeParts,
  writeRequest,
  type ControlledPart,
} from '../../../runtimes/embedded/part-control.ts';
import { runFolder } from '../../../runtimes/embedded/run-folder.ts';

function fakePart(done: string[], id: string, isAgent = false): ControlledPart {
  const does = (what: string) => () => Promise.resolve(void done.push(`${what} ${id}`));
  return {
    ...{ state: 'running', isCutOff: isAgent },
    ...{ start: does('start'), stop: does('stop'), kill: does('kill'), pause: does('pause') },
    ...(isAgent ? { partition: (isCut) => does(isCut ? 'cut' : 'mend')(), endTasks: does('end the tasks of') } : {}),
  };
}

function temporaryRun() {
  const directory = mkdtempSync(join(tmpdir(), 'part-control-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const folder = runFolder(directory);
  mkdirSync(folder.path, { recursive: true });
  return folder;
}

describe('parts of the process of a lab', () => {
  it.each([
    ['stop', ['stop agent1', 'stop master1']],
    ['kill', ['kill agent1', 'kill master1']],
    ['pause', ['pause agent1', 'pause master1']],
    ['partition', ['cut agent1']],
    ['heal', ['mend agent1']],
    ['unplug', ['kill agent1', 'end the tasks of agent1', 'kill master1']],
    ['start', ['mend agent1', 'start agent1', 'start master1']],
  ] as const)('%s does that, and start undoes whatever was done', async (action, expected) => {
    const done: string[] = [];
    const parts = new Map([
      ['agent1', fakePart(done, 'agent1', true)],
      ['master1', fakePart(done, 'master1')],
      ['other', fakePart(done, 'other')],
    ]);
    await controlParts(parts, { action, names: ['agent1', 'master1'] });
    expect(done.toSorted()).toEqual([...expected].toSorted());
  });

  it('are all acted on when one fails, and the failure is told', async () => {
    const done: string[] = [];
    const fails = { ...fakePart(done, 'a'), start: () => Promise.reject(new Error('the port is taken')) };
    const parts = new Map([
      ['a', fails],
      ['b', fakePart(done, 'b')],
    ]);
    await expect(controlParts(parts, { action: 'start', names: ['a', 'b'] })).rejects.toThrow('the port is taken');
    expect(done).toEqual(['start b']);
  });

  it('say what they are in, and what is asked of them is read whole or not at all', () => {
    const folder = temporaryRun();
    expect([readParts(nodeFileSystem, folder), readRequest(nodeFileSystem, folder)]).toEqual([undefined, undefined]);
    const parts = { agent1: stateOf(fakePart([], 'agent1', true)) };
    writeParts(nodeFileSystem, folder, { parts });
    expect(readParts(nodeFileSystem, folder)).toEqual({ parts: { agent1: 'partitioned' } });
    const request = { id: '1', action: 'kill', names: ['agent1'] } as const;
    writeRequest(nodeFileSystem, folder, request);
    expect(readRequest(nodeFileSystem, folder)).toEqual(request);
    for (const text of ['{', '{"id":"1","action":"explode","names":[]}', '{"id":"1","action":"kill"}', 'null']) {
      writeFileSync(folder.request, text);
      expect(readRequest(nodeFileSystem, folder)).toBeUndefined();
    }
  });
});
