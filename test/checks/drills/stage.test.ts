import { describe, expect, it } from 'vitest';
import { clusterAt } from '../../../checks/cluster-target.ts';
import { NotRecovered, stageOf, type Happened, type Look } from '../../../checks/drills/stage.ts';
import { ClockOfLooks } from '../clock-of-looks.ts';

const intervalMs = 50;

function aStage() {
  const clock = new ClockOfLooks(intervalMs);
  const happened: Happened[] = [];
  const struck: string[] = [];
  const stage = stageOf({
    ...{ clock, intervalMs, deadlineMs: 1000, app: '/drill-1/web', signal: new AbortController().signal },
    cluster: clusterAt({ masters: [], marathons: [], zookeepers: [], hosts: {} }),
    control: { act: (deed, ids) => Promise.resolve(void struck.push(`${deed} ${ids.join()}`)) },
    willDrain: () => undefined,
    onHappened: (each) => happened.push(each),
    onStrike: (at, words) => struck.push(`${at} ${words}`),
  });
  return { clock, happened, struck, stage };
}

/** Sees one after another, and the last one for ever. */
const seeing = <Seen>(...all: readonly (Seen | undefined)[]): Look<Seen> => {
  let index = 0;
  return () => Promise.resolve(all[Math.min(index++, all.length - 1)]);
};

describe('what a drill follows', () => {
  it('counts each milestone from when it is first seen, whatever their order', async () => {
    const { stage, happened } = aStage();
    await stage.follow(seeing(0, 1, 1, 3), [
      ['three', (seen) => seen === 3],
      ['one', (seen = 0) => seen >= 1],
    ]);
    expect(happened).toEqual([
      { milestone: 'one', at: 50 },
      { milestone: 'three', at: 150 },
    ]);
  });

  it('takes a look that fails for nobody who answers', async () => {
    const { stage, happened } = aStage();
    let looks = 0;
    const look = () => (looks++ === 0 ? Promise.resolve('up') : Promise.reject(new Error('ECONNREFUSED')));
    await stage.follow(look, [['down', (seen) => seen === undefined]]);
    expect(happened).toEqual([{ milestone: 'down', at: 50 }]);
  });

  it('gives up at its deadline, and says what was not reached', async () => {
    const { stage } = aStage();
    const waits = stage.follow(seeing(1), [
      ['one', (seen) => seen === 1],
      ['two', (seen) => seen === 2],
    ]);
    await expect(waits).rejects.toThrow(new NotRecovered('two: not within 1 s'));
  });

  it('notes a strike before it is done', async () => {
    const { stage, struck } = aStage();
    await stage.strike('kill agent1', (control) => control.act('kill', ['agent1'], stage.signal));
    expect(struck).toEqual(['0 kill agent1', 'kill agent1']);
  });

  it('looks while it strikes, and goes on when both are done', async () => {
    const { stage, happened } = aStage();
    let isKilled: () => void = () => undefined;
    const killed = new Promise<void>((resolve) => {
      isKilled = resolve;
    });
    await stage.strike('kill agent1', () => killed);
    let isOver = false;
    const follows = stage.follow(seeing('up', undefined), [['down', (seen) => seen === undefined]]).then(() => {
      isOver = true;
    });
    await expect.poll(() => happened).toEqual([{ milestone: 'down', at: 50 }]);
    expect(isOver).toBe(false);
    isKilled();
    await follows;
  });

  it('ends with what a strike failed with, and waits for nothing more', async () => {
    const { stage, clock } = aStage();
    await stage.strike('kill agent1', () => Promise.reject(new Error('no such container')));
    await expect(stage.follow(seeing('up'), [['down', (seen) => seen === undefined]])).rejects.toThrow(
      'no such container',
    );
    expect(clock.now()).toBeLessThan(1000);
  });
});
