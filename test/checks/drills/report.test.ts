import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../../checks/drills/drill.ts';
import { clientsView } from '../../../checks/drills/report/clients-view.ts';
import { reportRun, type Raw } from '../../../checks/drills/report/drill-report.ts';
import { drillSvg } from '../../../checks/drills/report/drill-svg.ts';
import { statisticsOf } from '../../../checks/drills/report/statistics.ts';
import { timelineRows } from '../../../checks/drills/report/timeline.ts';

const prediction = (milestone: string, fromMs: number, toMs: number, after?: string): Prediction => ({
  ...{ milestone, title: `${milestone} <is> so`, fromMs, toMs, formula: 'a x b', source: 'docs' },
  ...(after === undefined ? {} : { after }),
});

const request = (sentAt: number, ok = true, answer = ok ? '200' : '503') => ({ sentAt, tookMs: 5, ok, answer });

/** A drill that struck at 1000 by the clock. */
const raw = (change: Partial<Raw> = {}): Raw => ({
  strike: {
    ...{ target: 'agent2', words: [], run: () => Promise.resolve() },
    predictions: [
      prediction('lost', 9000, 12_000),
      prediction('launched', 9000, 12_500),
      prediction('back', 0, 2000, 'started'),
    ],
  },
  ...{ beganAt: 0, endedAt: 20_000, struckAtEpochMs: 1_700_000_000_000, outcome: 'recovered' },
  strikes: [
    { at: 1000, words: 'kill agent2' },
    { at: 13_000, words: 'start agent2' },
  ],
  happened: [
    { milestone: 'lost', at: 11_000 },
    { milestone: 'launched', at: 14_500 },
    { milestone: 'started', at: 13_000 },
    { milestone: 'back', at: 13_900 },
  ],
  requests: [request(950), request(1050, false), request(1100, false, 'TIMEOUT'), request(1150)],
  healed: { ok: true, evidence: 'Verified', tookMs: 500 },
  ...change,
});

describe('a report of a drill', () => {
  it('puts predictions and measurements side by side, with a verdict of each', () => {
    const { milestones, verdict, recoveredMs, totalMs, struckAt, events } = reportRun(raw());
    expect(milestones.map(({ milestone, measuredMs, verdict: each }) => [milestone, measuredMs, each])).toEqual([
      ['lost', 10_000, 'as predicted'],
      ['launched', 13_500, 'later'],
      ['back', 12_900, 'as predicted'],
    ]);
    expect([verdict, recoveredMs, totalMs, struckAt]).toEqual([
      'other than predicted',
      13_500,
      20_000,
      1_700_000_000_000,
    ]);
    // What follows another milestone was predicted from that one on.
    expect(milestones[2]?.predicted).toEqual({ fromMs: 12_000, toMs: 14_000 });
    expect(events.map(({ atMs, text }) => `${atMs} ${text}`)).toEqual([
      '0 kill agent2',
      '10000 lost <is> so',
      '12000 start agent2',
      '12900 back <is> so',
      '13500 launched <is> so',
    ]);
  });

  it('says what was not reached, and what comes too soon', () => {
    const { milestones, verdict } = reportRun(
      raw({
        happened: [{ milestone: 'lost', at: 2000 }],
        outcome: 'not recovered',
        fault: 'launched: not within 40 s',
      }),
    );
    expect(milestones.map(({ verdict: each, predicted }) => [each, predicted !== undefined])).toEqual([
      ['sooner', true],
      ['not reached', true],
      ['not reached', false],
    ]);
    expect(verdict).toBe('other than predicted');
    expect(reportRun(raw({ outcome: 'interrupted' })).verdict).toBeUndefined();
  });

  it('says which requests failed, for how long, and what they were answered', () => {
    const { clients } = reportRun(raw());
    expect(clients).toEqual({
      ...{ requests: 4, failed: 2, longestMs: 100, slowestMs: 5, slowestFailedMs: 5 },
      outages: [{ fromMs: 50, toMs: 150, failed: 2, answers: { '503': 1, TIMEOUT: 1 } }],
    });
    // One that never ends is as long as there were requests.
    expect(clientsView([request(0), request(50, false), request(100, false)], 0)).toMatchObject({
      longestMs: 50,
      outages: [{ fromMs: 50, failed: 2 }],
    });
    // Others got through while one waited in vain.
    expect(clientsView([{ ...request(0, false, 'TIMEOUT'), tookMs: 2000 }, request(50)], 0)).toMatchObject({
      ...{ longestMs: 50, slowestMs: 5, slowestFailedMs: 2000 },
    });
    expect(clientsView([], 0)).toEqual({
      ...{ requests: 0, failed: 0, outages: [] },
      ...{ longestMs: 0, slowestMs: 0, slowestFailedMs: 0 },
    });
  });

  it('gives minimum, median and maximum of several runs, of those that reached it', () => {
    const runs = [11_000, 14_000, 12_000, 16_000].map((at) =>
      reportRun(raw({ happened: [{ milestone: 'lost', at }] })),
    );
    expect(statisticsOf(runs)).toEqual([
      { milestone: 'lost', title: 'lost <is> so', reached: 4, minMs: 10_000, medianMs: 12_000, maxMs: 15_000 },
    ]);
    expect(statisticsOf(runs.slice(0, 3))[0]?.medianMs).toBe(11_000);
    expect(statisticsOf([])).toEqual([]);
  });
});

describe('pictures of a drill', () => {
  it('draws a timeline of what was predicted, measured, and seen by clients', () => {
    const rows = timelineRows(reportRun(raw()), 56);
    expect(rows.map(({ label }) => label)).toEqual(['lost <is> so', 'launched <is> so', 'back <is> so', 'clients', '']);
    expect(rows.map(({ line }) => line)).toEqual([
      `${' '.repeat(35)}────●────────`,
      `${' '.repeat(35)}───────────────   ●`,
      `${' '.repeat(47)}───●─────`,
      `×${'·'.repeat(55)}`,
      expect.stringMatching(/^0 +5 s +10 s$/),
    ]);
    for (const { line } of rows) expect(line.length).toBeLessThanOrEqual(56);
  });

  it('draws a picture that is complete in itself, with nothing of a title taken for markup', () => {
    const svg = drillSvg('kill-agent: <script>alert("&")</script>', reportRun(raw()));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<\/svg>\n$/);
    expect(svg).toContain('kill-agent: &lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
    expect(svg).not.toMatch(/<script|NaN|undefined|href|url\(/);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('lost &lt;is&gt; so');
  });
});
