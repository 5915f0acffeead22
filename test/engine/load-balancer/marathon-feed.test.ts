import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { followMarathon } from '../../../engine/load-balancer/marathon-feed.ts';
import { startFakeMarathon } from './fake-marathon.ts';

/** A feed whose waits after events a test ends itself. */
async function followed() {
  const marathon = await startFakeMarathon();
  const waits: (() => void)[] = [];
  const lengths: number[] = [];
  const feed = followMarathon({
    ...{ marathonUrls: [marathon.url], onApps: () => undefined, log: () => undefined },
    timing: { backoffMs: [1] },
    after: (ms, action) => {
      lengths.push(ms);
      waits.push(action);
      return () => undefined;
    },
  });
  onTestFinished(async () => {
    await feed.stop();
    await marathon.stop();
  });
  await vi.waitFor(() => {
    expect([marathon.readings(), marathon.listeners()]).toEqual([1, 1]);
  });
  /** Sends events, each by itself, and waits until all of them were read: then the stream has been opened again. */
  const send = async (...events: readonly string[]) => {
    for (const event of events) {
      marathon.set([], event);
      await new Promise(setImmediate);
    }
    const before = marathon.connections();
    marathon.endEvents();
    await vi.waitFor(() => {
      expect(marathon.connections()).toBe(before + 1);
    });
  };
  return { marathon, waits, lengths, send };
}

describe('what follows Marathon', () => {
  it('reads the apps once for many events, a moment after the first', async () => {
    const { marathon, waits, send } = await followed();
    await send(...Array.from({ length: 30 }, () => 'status_update_event'));
    expect(waits).toHaveLength(1);
    // At the start, and when it has connected again.
    await vi.waitFor(() => {
      expect(marathon.readings()).toBe(3);
    });
    waits[0]?.();
    await vi.waitFor(() => {
      expect(marathon.readings()).toBe(4);
    });
  });

  it('pauses for four times as long as a reading took, and begins that when it has ended', async () => {
    const { marathon, waits, lengths } = await followed();
    marathon.answerAfter(100);
    marathon.set([]);
    await vi.waitFor(() => {
      expect(waits).toHaveLength(1);
    });
    waits[0]?.();
    await vi.waitFor(() => {
      expect(marathon.readings()).toBe(2);
    });
    // While it reads; that is known only when it has.
    marathon.set([]);
    await vi.waitFor(() => {
      expect(waits).toHaveLength(2);
    });
    expect(marathon.readings()).toBe(2);
    // A timer may be early by a millisecond.
    expect(lengths[1]).toBeGreaterThanOrEqual(4 * 99);
  });

  it('does not read them for events that change nothing', async () => {
    const { waits, send } = await followed();
    await send('event_stream_attached', 'event_stream_detached', 'subscribe_event');
    expect(waits).toEqual([]);
  });
});
