import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { begun, currentCheck, noProgress, progressOfCheck, withCheck } from '../../lessons/progress/progress.ts';
import { progressPath, readProgress, writeProgress } from '../../lessons/progress/progress-file.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { temporaryFolder } from '../cli/fake-context.ts';

const check = (id: string) => ({ id, title: id, looks: [], hints: ['h'], solution: [] });
const lesson: Lesson = {
  ...{ name: '01-a', title: 'A', minutes: 5, summary: '', needs: {}, setup: [], cleanup: [], text: '' },
  checks: [check('one'), check('two')],
};
const baseline = { at: 0, leaders: {}, metrics: {} };
const passed = (at: string) => ({ attempts: 1, hints: 2, checkedAt: at, passedAt: at, answer: 'b', seen: 'x' });

const started = begun(noProgress, lesson, { at: 'T0', baseline });
const half = withCheck(started, { lesson, check: 'one' }, () => passed('T1'));
const done = withCheck(half, { lesson, check: 'two' }, () => passed('T2'));
const entryOf = (progress: typeof done) => {
  const entry = progress.started['01-a'];
  if (entry === undefined) throw new Error('not started');
  return entry;
};

test('checks come one after the other, and the lesson is done with the last one', () => {
  expect(currentCheck(lesson, entryOf(started))?.id).toBe('one');
  expect(currentCheck(lesson, entryOf(half))?.id).toBe('two');
  expect(entryOf(half).passedAt).toBeUndefined();
  expect(currentCheck(lesson, entryOf(done))).toBeUndefined();
  expect(entryOf(done)).toMatchObject({ startedAt: 'T0', passedAt: 'T2', checkedAt: 'T2', resets: 0, checkCount: 2 });
});

test('a lesson that begins anew keeps its numbers, and when it was passed first', () => {
  const again = begun(done, lesson, { at: 'T3', baseline: { ...baseline, at: 3 } });
  expect(entryOf(again)).toMatchObject({ startedAt: 'T0', passedAt: 'T2', resets: 1, baseline: { at: 3 } });
  expect(progressOfCheck(entryOf(again), 'one')).toEqual({ attempts: 1, hints: 2, checkedAt: 'T1' });
  expect(currentCheck(lesson, entryOf(again))?.id).toBe('one');
  const later = withCheck(again, { lesson, check: 'one' }, () => passed('T4'));
  expect(entryOf(withCheck(later, { lesson, check: 'two' }, () => passed('T5'))).passedAt).toBe('T2');
});

test('it is read as it was written, and a lab without it begins', () => {
  const lab = temporaryFolder();
  expect(readProgress(nodeFileSystem, lab)).toEqual(noProgress);
  writeProgress(nodeFileSystem, lab, done);
  expect(readProgress(nodeFileSystem, lab)).toEqual(done);
  expect(readFileSync(`${lab}/${progressPath}`, 'utf8')).toMatch(/\n$/);
});

test.each([
  ['{"format": 2, "started": {}}', 'LAB_NEWER'],
  ['{"format": 1}', 'LESSON_FILE'],
  ['{"format"', 'LESSON_FILE'],
])('%s is refused with %s', (text, code) => {
  const lab = temporaryFolder();
  mkdirSync(`${lab}/.mesos-cluster`);
  writeFileSync(`${lab}/${progressPath}`, text);
  expect(() => readProgress(nodeFileSystem, lab)).toThrow(code);
});
