import { describe, expect, it } from 'vitest';
import { figureNames } from '../../../../protocol/hour-figures.ts';
import { everyMs, measure, ofAgent, ofApp, ofMaster, ringForTest, start } from './hour-for-test.ts';

const hourMs = 3_600_000;

describe('the last hour', () => {
  it('has the samples of an hour, the oldest first, and none that is older', () => {
    const { ring, record, app, now, wait } = ringForTest();
    for (let sample = 0; sample < 1000; sample += 1) record([ofApp('/shop', sample)]);
    const { times, figures } = app('/shop');
    expect(times).toHaveLength(361);
    expect([times[0], times.at(-1)]).toEqual([now() - hourMs, now()]);
    expect([figures['instances']?.[0], figures['instances']?.at(-1)]).toEqual([639, 999]);
    expect(Object.keys(figures)).toEqual(figureNames.app);
    wait(hourMs - 20 * everyMs);
    expect(ring.figuresOf('app', '/shop', now()).times).toHaveLength(21);
    wait(20 * everyMs + 1);
    expect(ring.figuresOf('app', '/shop', now()).times).toEqual([]);
  });

  it('has nothing where something was not measured', () => {
    const { record, agent } = ringForTest();
    record([...ofAgent('a:5051', 0.25), ...ofAgent('b:5051', 0.5)]);
    record(ofAgent('b:5051', 0.5));
    record([...ofAgent('a:5051', 0.75), ...ofAgent('b:5051', 0.5)]);
    expect(agent('a:5051').figures['cpusShare']).toEqual([0.25, null, 0.75]);
    expect(agent('a:5051').figures['memoryShare']).toEqual([null, null, null]);
    expect(agent('b:5051').figures['cpusShare']).toEqual([0.5, 0.5, 0.5]);
  });

  it('has nothing where something was not measured, also in the place of what was measured long before', () => {
    const { record, app } = ringForTest();
    // As many as are kept.
    for (let sample = 0; sample < 400; sample += 1) record([ofApp('/shop', sample)]);
    record([]);
    expect(app('/shop').figures['instances']?.slice(-2)).toEqual([399, null]);
  });

  it('says of what came later that it was not there before, and nothing of what it never had', () => {
    const { record, app } = ringForTest();
    record([ofApp('/old', 1)]);
    record([ofApp('/old', 1), ofApp('/new', 2)]);
    expect(app('/new').figures['instances']).toEqual([null, 2]);
    expect(app('/other')).toEqual({ times: [], figures: {}, leaderChanges: [] });
  });

  it('takes no sample that comes too soon after the last one', () => {
    const { ring, now } = ringForTest();
    const at = now();
    for (const [after, instances] of [
      [0, 1],
      [5000, 2],
      [10_000, 3],
    ] as const) {
      ring.record({ measures: [ofApp('/shop', instances)], served: new Map(), at: at + after });
    }
    expect(ring.figuresOf('app', '/shop', at + 10_000).figures['instances']).toEqual([1, 3]);
  });

  it('begins anew when the clock is set back', () => {
    const { record, app, wait } = ringForTest();
    record([ofApp('/shop', 1)]);
    wait(-2 * hourMs);
    record([ofApp('/shop', 2)]);
    expect(app('/shop').figures['instances']).toEqual([2]);
  });

  it('notes when another master leads, and forgets that after an hour', () => {
    const { record, cluster } = ringForTest();
    const [one, other] = ['127.0.0.1:5050', '127.0.0.1:5150'];
    record([...ofMaster(one, true), ...ofMaster(other, false)]);
    record([measure('mesos_master_up', 0, { master: one }), ...ofMaster(other, false)]);
    record(ofMaster(other, true));
    expect(cluster().figures['mastersUp']).toEqual([2, 1, 1]);
    expect(cluster().leaderChanges).toEqual([
      { at: start + everyMs, from: one, to: '' },
      { at: start + 2 * everyMs, from: '', to: other },
    ]);
    for (let sample = 0; sample < 361; sample += 1) record(ofMaster(other, true));
    expect(cluster().leaderChanges).toEqual([]);
  });
});

describe('what the last hour takes', () => {
  it('is in proportion to how many apps there are at once, however many come and go', () => {
    const { ring, record } = ringForTest();
    for (let sample = 0; sample < 2000; sample += 1) {
      record([ofApp('/stays', 1), ...[0, 1, 2].map((index) => ofApp(`/passing-${sample}-${index}`, 1))]);
    }
    // Twice the four of a sample, and fifty.
    expect(ring.sizeOf('app')).toBe(58);
    expect(ring.figuresOf('app', '/stays', start + 2000 * everyMs).times).not.toEqual([]);
  });

  it('keeps all of them while Marathon does not answer, and lets those leave that are gone for an hour', () => {
    const { ring, record } = ringForTest();
    const apps = Array.from({ length: 300 }, (_, index) => ofApp(`/app-${index}`, 1));
    record(apps);
    for (let sample = 0; sample < 100; sample += 1) record([]);
    expect(ring.sizeOf('app')).toBe(300);
    record(apps.slice(0, 100));
    for (let sample = 0; sample < 300; sample += 1) record([]);
    expect(ring.sizeOf('app')).toBe(100);
    for (let sample = 0; sample < 100; sample += 1) record([]);
    expect(ring.sizeOf('app')).toBe(0);
  });
});
