import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { followMarathon } from '../../../engine/load-balancer/marathon-feed.ts';
import { fakeApp, startFakeMarathon } from './fake-marathon.ts';

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

  it('reads no tasks as long as none of the apps is served', async () => {
    const marathon = await startFakeMarathon();
    const heard: unknown[] = [];
    const feed = followMarathon({
      ...{ marathonUrls: [marathon.url], log: () => undefined, timing: { debounceMs: 1 } },
      isAnyServed: (apps) => apps.some(({ labels }) => labels['HAPROXY_GROUP'] === 'external'),
      onApps: (apps) => heard.push(apps.map(({ id, tasks }) => `${id} ${tasks.length}`)),
    });
    onTestFinished(async () => {
      await feed.stop();
      await marathon.stop();
    });
    const [light, whole] = ['/v2/apps', '/v2/apps?embed=apps.tasks'];
    const read = async (...expected: readonly string[]) => {
      await vi.waitFor(() => {
        expect([marathon.listeners(), marathon.queries()]).toEqual([1, expected]);
      });
    };
    await read(light);
    marathon.set([fakeApp({ id: '/one', servicePort: 10_000, tasks: [31_000] })]);
    await read(light, light, whole);
    marathon.set([fakeApp({ id: '/one', servicePort: 10_000, tasks: [31_000], labels: {} })]);
    await read(light, light, whole, whole);
    marathon.set([]);
    await read(light, light, whole, whole, light);
    await vi.waitFor(() => {
      expect(heard).toEqual([[], ['/one 1'], ['/one 1'], []]);
    });
  });

  it('does not read them for events that change nothing', async () => {
    const { waits, send } = await followed();
    await send('event_stream_attached', 'event_stream_detached', 'subscribe_event');
    expect(waits).toEqual([]);
  });
});
