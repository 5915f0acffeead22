import { describe, expect, it } from 'vitest';
import { fromHereFinding, linkFindings } from '../../../runtimes/hosts/doctor/link-findings.ts';

const ports = [
  { port: 2181, what: 'ZooKeeper' },
  { port: 5050, what: 'Mesos master' },
];
const link = { from: 'node2', to: 'node1', address: '10.0.0.1', ports };
const answer = (port: number, ms: number) => ({ address: '10.0.0.1', port, ms, words: '' });
const silence = (port: number, words = 'no answer') => ({ address: '10.0.0.1', port, ms: undefined, words });
const asked = { unreached: [], misplaced: [] };

describe('what is said of the ways between machines', () => {
  it('has the times of those that are free', () => {
    const tried = [{ link, probes: [answer(5050, 0.42), answer(2181, 1.26)] }];
    expect(linkFindings({ ...asked, tried })).toEqual([
      {
        node: 'node2',
        need: 'Way to the other machines',
        ok: true,
        found: 'node1 answers in 0.4 to 1.3 ms (ports 2181, 5050)',
      },
    ]);
  });

  it('names the ports that a firewall keeps, and how it lets them through', () => {
    const tried = [{ link, probes: [silence(5050), answer(2181, 1)] }];
    expect(linkFindings({ ...asked, tried })).toMatchObject([
      {
        ok: false,
        found: expect.stringMatching(
          /^node1 \(10\.0\.0\.1\) answers, but not at 5050 \(Mesos master\): nothing comes back/,
        ),
        fix: expect.stringMatching(/firewall.*any port 5050;/),
      },
    ]);
  });

  it('does not blame the network for a machine that has another address, or is off', () => {
    const tried = [{ link, probes: [silence(5050), silence(2181, 'no route to host')] }];
    const fixes = (more: object) => linkFindings({ ...asked, tried, ...more }).map(({ fix }) => fix);
    expect(fixes({ unreached: ['node1'] })).toEqual(['get node1 back first: see there']);
    expect(fixes({ misplaced: ['node1'] })).toEqual(['node1 has another address: see there']);
    expect(fixes({})).toEqual([expect.stringContaining('ping 10.0.0.1')]);
  });

  it('warns of slow ways, not of one late answer', () => {
    const verdict = (...times: readonly number[]) =>
      linkFindings({ ...asked, tried: [{ link, probes: times.map((ms) => answer(5050, ms)) }] }).map(
        ({ ok, isWarning }) => [ok, isWarning],
      );
    expect(verdict(300, 400, 500)).toEqual([[false, true]]);
    expect(verdict(1, 2, 500)).toEqual([[true, undefined]]);
  });

  it('says when a machine has no means to try', () => {
    expect(linkFindings({ ...asked, tried: [{ link, probes: undefined }] })).toMatchObject([
      { ok: false, isWarning: true, found: expect.stringContaining('not tried to node1') },
    ]);
  });

  it('is about this machine, too', () => {
    const from = { node: 'node1', address: '10.0.0.1', ports };
    expect(fromHereFinding({ ...from, probes: [answer(5050, 1)] })).toMatchObject({
      ok: true,
      found: '10.0.0.1 answers in 1.0 ms (ports 5050)',
    });
    expect(fromHereFinding({ ...from, probes: [silence(5050)] })).toMatchObject({
      ok: false,
      fix: expect.stringContaining('up and verify ask there'),
    });
  });
});
