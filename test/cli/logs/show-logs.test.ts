import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogLine } from '../../../cli/logs/log-line.ts';
import { showLogs, type LogChoice } from '../../../cli/logs/show-logs.ts';
import type { LogSources } from '../../../cli/logs/log-sources.ts';
import type { LogRequest, OnLogLine } from '../../../runtimes/cluster-runtime.ts';
import { FakeAgent, fakeCluster } from './fake-agents.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const target = { masters: ['http://master1:5050'], marathons: [], zookeepers: [], hosts: {} };

/** Shows all logs of a fake lab, whose components say what a test says. */
function showing(
  choice: Partial<LogChoice> = {},
  agents: readonly FakeAgent[] = [],
  parts = ['master1', 'agent1'],
  tasks: LogSources['tasks'] = 'all',
) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const { client } = fakeCluster(agents);
  const shown: LogLine[] = [];
  const notes: string[] = [];
  const requests: {
    readonly request: LogRequest;
    readonly say: OnLogLine;
    readonly end: (isThere: boolean) => void;
  }[] = [];
  const now = { parts: [...parts] };
  const done = showLogs(
    { parts, tasks, target },
    { tail: 100, follow: true, ...choice },
    {
      ...{ clock, wallClock: clock.wallClock, lab: { directory: '/lab' }, signal: stop.signal },
      note: (text) => notes.push(text),
      clientFor: () => client,
      partsNow: () => Promise.resolve(now.parts),
      print: (lines) => shown.push(...lines),
      runtime: {
        logs: (_, request, say) =>
          new Promise((resolve) => {
            requests.push({ request, say, end: resolve });
            request.signal.addEventListener('abort', () => {
              resolve(true);
            });
          }),
      },
    },
  );
  onTestFinished(async () => {
    stop.abort();
    await done.catch(() => undefined);
  });
  const texts = () => shown.splice(0).map(({ source, text }) => `${source.name}: ${text}`);
  return { clock, stop, done, texts, requests, now, notes };
}

describe('all logs in one stream', () => {
  it('shows nothing before all has been read that was there, then in the order of times', async () => {
    const agent = new FakeAgent('agent1');
    const { clock, texts, requests } = showing({}, [agent]);
    const start = clock.wallClock();
    agent.write('web.1', 'from the task\n', { at: start - 5000 });
    await clock.pass(0);
    const [first] = requests;
    first?.say('agent1', 'last', start - 1000);
    first?.say('master1', 'first', start - 9000);
    first?.say('master1', '  with a second line');
    await clock.pass(3000);
    expect(texts()).toEqual([]);
    first?.request.caughtUp?.();
    await clock.pass(200);
    expect(texts()).toEqual([
      ...['master1: first', 'master1:   with a second line', 'web.1 stdout: from the task', 'agent1: last'],
    ]);
  });

  it('does not wait for ever for who has not read what was there', async () => {
    const { clock, texts, requests } = showing();
    await clock.pass(0);
    requests[0]?.say('master1', 'said', clock.wallClock());
    await clock.pass(11_000);
    expect(texts()).toEqual(['master1: said']);
  });

  it('puts lines in order that come a little late, and shows at once what comes later', async () => {
    const { clock, texts, requests } = showing();
    await clock.pass(0);
    const [{ request, say } = { request: undefined, say: () => undefined }] = requests;
    request?.caughtUp?.();
    await clock.pass(1000);
    const at = clock.wallClock();
    say('agent1', 'second', at);
    await clock.pass(200);
    say('master1', 'first', at - 50);
    await clock.pass(1000);
    say('master1', 'late', at - 40);
    await clock.pass(100);
    expect(texts()).toEqual(['master1: first', 'agent1: second', 'master1: late']);
  });

  it('shows only lines with a pattern, and none that are older than asked for', async () => {
    const agent = new FakeAgent('agent1');
    const { clock, texts, requests } = showing({ grep: /err/, since: Date.UTC(2026, 10, 30, 5, 59) }, [agent]);
    agent.write('old.1', 'err of old\n', { at: Date.UTC(2026, 10, 30, 5, 50) });
    agent.write('web.1', 'err of web\nfine\n', { at: Date.UTC(2026, 10, 30, 5, 59, 30) });
    await clock.pass(0);
    requests[0]?.say('master1', 'err of long ago', Date.UTC(2026, 10, 30, 5, 58));
    requests[0]?.say('master1', 'err', Date.UTC(2026, 10, 30, 5, 59, 1));
    requests[0]?.say('master1', 'fine', Date.UTC(2026, 10, 30, 5, 59, 2));
    requests[0]?.request.caughtUp?.();
    agent.write('old.1', 'err again\n');
    await clock.pass(2000);
    expect(texts()).toEqual(['master1: err', 'web.1 stdout: err of web', 'old.1 stdout: err again']);
    expect(requests[0]?.request.since).toBe(Date.UTC(2026, 10, 30, 5, 59));
  });

  it('follows components that are added', async () => {
    const { clock, texts, requests, now } = showing();
    await clock.pass(0);
    requests[0]?.request.caughtUp?.();
    now.parts.push('agent2');
    await clock.pass(6000);
    expect(requests.map(({ request }) => request.ids)).toEqual([['master1', 'agent1'], ['agent2']]);
    requests[1]?.say('agent2', 'hello', clock.wallClock());
    await clock.pass(1000);
    expect(texts()).toEqual(['agent2: hello']);
  });

  it('tries again to follow an added component whose log is not there yet, until it is', async () => {
    const { clock, requests, now } = showing();
    await clock.pass(0);
    now.parts.push('agent2');
    await clock.pass(6000);
    requests[1]?.end(false);
    await clock.pass(30_000);
    expect(requests.map(({ request }) => request.ids)).toEqual([['master1', 'agent1'], ['agent2'], ['agent2']]);
  });

  it('ends at once with the signal, with what was held', async () => {
    const agent = new FakeAgent('agent1');
    const { clock, stop, done, texts, requests } = showing({}, [agent]);
    agent.write('web.1', 'half a li');
    await clock.pass(1000);
    requests[0]?.request.caughtUp?.();
    requests[0]?.say('master1', 'just now', clock.wallClock());
    stop.abort();
    await done;
    expect(texts()).toEqual(['master1: just now', 'web.1 stdout: half a li']);
  });

  it('says that it ends when the components have ended that are followed alone', async () => {
    const { clock, done, requests, notes } = showing({}, [], ['master1'], []);
    await clock.pass(0);
    requests[0]?.request.caughtUp?.();
    expect(notes).toEqual([]);
    requests[0]?.end(true);
    await done;
    expect(notes).toEqual(['What was followed has ended, or does not answer any more']);
  });

  it('ends all when components cannot be read', async () => {
    const clock = new VirtualClock();
    const { client } = fakeCluster([]);
    const stop = new AbortController();
    const done = showLogs(
      { parts: ['x'], tasks: 'all', target },
      { tail: 1, follow: true },
      {
        ...{
          clock,
          wallClock: clock.wallClock,
          lab: { directory: '/lab' },
          signal: stop.signal,
          note: () => undefined,
        },
        ...{ clientFor: () => client, partsNow: () => Promise.resolve([]), print: () => undefined },
        runtime: { logs: () => Promise.resolve(false) },
      },
    );
    await expect(done).rejects.toThrow('no component, application or task called x');
  });
});
