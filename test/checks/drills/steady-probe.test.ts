import { describe, expect, it } from 'vitest';
import { UnreachableError, type ClusterAnswer, type ClusterClient } from '../../../checks/cluster-client.ts';
import { startProbe } from '../../../checks/drills/steady-probe.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const answer = (status: number): ClusterAnswer => ({ status, url: '', headers: {}, text: '', json: undefined });
const url = 'http://127.0.0.1:10000/';

describe('a steady probe', () => {
  it('asks twenty times a second, also while nobody answers, and says how each ended', async () => {
    const clock = new VirtualClock();
    const outcomes = [
      () => Promise.resolve(answer(200)),
      () => Promise.resolve(answer(503)),
      // As long as a client waits.
      () => clock.sleep(120).then(() => Promise.reject(new UnreachableError(url, 'TIMEOUT', 'no answer'))),
      () => Promise.reject(new UnreachableError(url, 'ECONNREFUSED', 'nobody listens')),
    ];
    let asked = 0;
    const client: ClusterClient = {
      urlFor: (place) => place,
      ask: () => outcomes[asked++]?.() ?? Promise.resolve(answer(200)),
    };
    const probe = startProbe(client, url, clock);
    await clock.pass(310);
    expect(probe.requests().map((each) => [each.sentAt, each.ok, each.answer])).toEqual([
      [0, true, '200'],
      [50, false, '503'],
      [100, false, 'TIMEOUT'],
      [150, false, 'ECONNREFUSED'],
      [200, true, '200'],
      [250, true, '200'],
      [300, true, '200'],
    ]);
    expect(probe.goodInARow()).toBe(3);
    probe.forget();
    expect([probe.requests(), probe.goodInARow()]).toEqual([[], 0]);
    probe.stop();
    await clock.pass(200);
    expect(asked).toBe(7);
  });
});
