import { describe, expect, it } from 'vitest';
import { duration, quietly, stepReporter } from '../../cli/printing/step-reporter.ts';

/** A reporter on a fake stream, whose clock a test moves. */
function reporterOn({ isTerminal = false, env = {} }: { isTerminal?: boolean; env?: Record<string, string> } = {}) {
  let written = '';
  let now = 0;
  const stderr = { isTerminal, write: (text: string) => (written += text) };
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const reporter = stepReporter({ stderr, env, clock, colour: true });
  return { reporter, written: () => written, pass: (ms: number) => (now += ms) };
}

describe('the lines of steps', () => {
  it('have the time that a step took, and the time that it may take', async () => {
    const { reporter, written, pass } = reporterOn();
    const result = await reporter.step({ title: 'Starting', deadlineMs: 30_000 }, (see) => {
      see('half of it');
      pass(1234);
      return Promise.resolve(7);
    });
    expect([result, written()]).toEqual([7, ' ✓ Starting (1.2s of 30s)\n']);
  });

  it('have a mark of their own for a step that failed, which still throws', async () => {
    const { reporter, written } = reporterOn();
    await expect(reporter.step({ title: 'Starting' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(written()).toBe(' ✗ Starting (0ms)\n');
  });

  it('have the evidence behind the title', () => {
    const { reporter, written } = reporterOn();
    reporter.begin({ title: 'Waiting' }).end('failed', 'nobody answers');
    expect(written()).toBe(' ✗ Waiting: nobody answers (0ms)\n');
  });

  it('stand beside notes and warnings', () => {
    const { reporter, written } = reporterOn();
    reporter.note('one');
    reporter.warn('two');
    expect(written()).toBe(' • one\n ! two\n');
  });

  it('are none for who wants it quiet, but for warnings; what is done is done all the same', async () => {
    const { reporter, written } = reporterOn({ isTerminal: true });
    const quiet = quietly(reporter);
    const result = await quiet.step({ title: 'Starting' }, (see) => {
      see('half of it');
      return Promise.resolve(7);
    });
    await expect(quiet.step({ title: 'Waiting' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    quiet.begin({ title: 'Looking' }).end('failed');
    quiet.note('one');
    expect([result, written()]).toEqual([7, '']);
    quiet.warn('two');
    expect(written()).toContain('two\n');
  });

  it('are drawn on a terminal while a step runs, and are whole in the end', () => {
    const { reporter, written } = reporterOn({ isTerminal: true, env: { NO_COLOR: '1' } });
    reporter.begin({ title: 'Starting' }).end('done');
    expect(written()).toBe('\r\u001b[K ⠋ Starting (0ms)\r\u001b[K ✓ Starting (0ms)\n');
  });

  it('leave a terminal clean when somebody else writes the line', () => {
    const { reporter, written } = reporterOn({ isTerminal: true, env: { NO_COLOR: '1' } });
    reporter.begin({ title: 'Looking' }).leave();
    expect(written().endsWith('\r\u001b[K')).toBe(true);
  });

  it('move no cursor on a terminal that cannot', () => {
    const { reporter, written } = reporterOn({ isTerminal: true, env: { TERM: 'dumb' } });
    reporter.begin({ title: 'Starting' }).end('done');
    expect(written()).toBe(' ✓ Starting (0ms)\n');
  });

  it.each([
    [12.4, '12ms'],
    [94, '94ms'],
    [95, '0.1s'],
    [61_000, '61.0s'],
  ])('%s ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
