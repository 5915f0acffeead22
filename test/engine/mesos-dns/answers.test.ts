import { describe, expect, test } from 'vitest';
import { taskOf } from './fake-master.ts';
import { startKnowing, startTestDns } from './mesos-dns-for-test.ts';

const tasks = (count: number) =>
  Array.from({ length: count }, (_, index) => taskOf({ id: `t${index}`, ports: [31_000 + index, 31_000 + index] }));

/** With an address for each. */
const spread = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...taskOf({ id: `t${index}` }),
    statuses: [
      {
        ...{ state: 'TASK_RUNNING', timestamp: 1 },
        container_status: { network_infos: [{ ip_addresses: [{ ip_address: `10.1.${index >> 8}.${index & 255}` }] }] },
      },
    ],
  }));

const soa = (name: string) => `${name} 10 SOA ns1.mesos root.ns1.mesos 60 600 86400 5`;

describe('a question', () => {
  test('is answered whatever the case of its letters, with the name as it was asked', async () => {
    const { ask } = await startKnowing({ tasks: tasks(1) });
    expect(await ask('WeB.MARATHON.mesos')).toMatchObject({
      rcode: 'NOERROR',
      isAuthoritative: true,
      canRecurse: true,
      answers: ['WeB.MARATHON.mesos 10 A 10.0.0.1'],
    });
  });

  test('has its wildcards taken out', async () => {
    const { ask } = await startKnowing({ tasks: tasks(1) });
    expect((await ask('web.*.marathon.mesos')).answers).toEqual(['web.*.marathon.mesos 10 A 10.0.0.1']);
  });

  test('for a name that there is not is NXDOMAIN, for another type of one that there is empty, both with SOA', async () => {
    const { ask } = await startKnowing({ tasks: tasks(1) });
    const missing = 'missing.marathon.mesos';
    for (const type of ['A', 'AAAA', 'TXT', 'MX', 'PTR']) {
      expect(await ask(missing, type)).toMatchObject({ rcode: 'NXDOMAIN', answers: [], authorities: [soa(missing)] });
    }
    const there = 'web.marathon.mesos';
    for (const type of ['AAAA', 'TXT', 'HINFO']) {
      expect(await ask(there, type)).toMatchObject({ rcode: 'NOERROR', answers: [], authorities: [soa(there)] });
    }
    expect(await ask('_none._tcp.marathon.mesos', 'SRV')).toMatchObject({ rcode: 'NOERROR', authorities: [] });
  });

  test('for SOA and NS is answered in the authority section for every name', async () => {
    const { ask } = await startKnowing({});
    expect(await ask('mesos', 'SOA')).toMatchObject({ rcode: 'NOERROR', answers: [], authorities: [soa('mesos')] });
    expect((await ask('any.thing.mesos', 'NS')).authorities).toEqual(['any.thing.mesos 10 NS ns1.mesos']);
  });

  test('for ANY has all of it', async () => {
    const { ask } = await startKnowing({ tasks: tasks(1) });
    const { answers, authorities } = await ask('web.marathon.mesos', 'ANY');
    expect(answers).toEqual(['web.marathon.mesos 10 A 10.0.0.1']);
    expect(authorities).toEqual([soa('web.marathon.mesos'), 'web.marathon.mesos 10 NS ns1.mesos']);
  });

  test('of another domain is refused without anybody to ask', async () => {
    const { ask } = await startKnowing({});
    for (const name of ['example.org', 'notmesos', '.']) {
      expect(await ask(name)).toMatchObject({ rcode: 'REFUSED', isAuthoritative: false, answers: [] });
    }
  });

  test('before any master has told its state is SERVFAIL, and 503', async () => {
    const { ask, dns } = await startTestDns({});
    expect((await ask('leader.mesos')).rcode).toBe('SERVFAIL');
    expect((await fetch(`${dns.url}/v1/version`)).status).toBe(503);
  });

  test('is told that there is no recursion when the configuration says so', async () => {
    const { ask } = await startKnowing({}, { config: { recurseOn: false, srvRecordDefaultWeight: 7 } });
    expect((await ask('leader.mesos')).canRecurse).toBe(false);
    expect((await ask('_leader._tcp.mesos', 'SRV')).answers[0]).toContain(' 0 7 ');
  });
});

describe('an answer that is too long', () => {
  test('is cut at 512 bytes and says so, and is whole by TCP', async () => {
    const { ask } = await startKnowing({ tasks: spread(100) });
    const short = await ask('web.marathon.mesos');
    expect(short).toMatchObject({ isTruncated: true, rcode: 'NOERROR' });
    expect(short.bytes).toBeLessThanOrEqual(512);
    // 12 for the header, 24 for the question, 16 for each.
    expect(short.answers).toHaveLength(29);
    const whole = await ask('web.marathon.mesos', 'A', { tcp: true });
    expect(whole).toMatchObject({ isTruncated: false });
    expect(new Set(whole.answers).size).toBe(100);
  });

  test('is as long as the other side takes by EDNS, up to 4096 bytes', async () => {
    const { ask } = await startKnowing({ tasks: spread(400) });
    const larger = await ask('web.marathon.mesos', 'A', { edns: 1232 });
    expect(larger.bytes).toBeGreaterThan(1200);
    expect(larger.bytes).toBeLessThanOrEqual(1232);
    expect(larger).toMatchObject({ isTruncated: true, additionals: ['OPT 4096'] });
    const largest = await ask('web.marathon.mesos', 'A', { edns: 65_535 });
    expect(largest.bytes).toBeLessThanOrEqual(4096);
    expect(largest.isTruncated).toBe(true);
    expect((await ask('web.marathon.mesos', 'A', { edns: 10 })).bytes).toBeLessThanOrEqual(512);
  });

  test('is cut by TCP at 64 KiB', async () => {
    const { ask } = await startKnowing({ tasks: spread(5000) });
    const { answers, bytes, isTruncated } = await ask('web.marathon.mesos', 'A', { tcp: true });
    expect(bytes).toBeLessThanOrEqual(65_535);
    expect(answers).toHaveLength(4093);
    expect(isTruncated).toBe(true);
  });

  test('first loses the addresses of its services', async () => {
    const { ask } = await startKnowing({ tasks: tasks(7) });
    const cut = await ask('_web._tcp.marathon.mesos', 'SRV');
    expect(cut).toMatchObject({ isTruncated: true, additionals: [] });
    expect(cut.answers).toHaveLength(7);
    const whole = await ask('_web._tcp.marathon.mesos', 'SRV', { edns: 1232 });
    expect(whole.isTruncated).toBe(false);
    expect(whole.additionals).toHaveLength(8);
  });

  test('does not say so when the configuration forbids it', async () => {
    const { ask } = await startKnowing({ tasks: spread(100) }, { config: { setTruncateBit: false } });
    const { answers, isTruncated } = await ask('web.marathon.mesos');
    expect(answers).toHaveLength(29);
    expect(isTruncated).toBe(false);
  });
});

test('names with several tasks come in another order each time', async () => {
  const { ask } = await startKnowing({ tasks: spread(20) });
  const orders = new Set<string>();
  while (orders.size < 3) orders.add((await ask('web.marathon.mesos')).answers.join());
  const [first = '', second = ''] = orders;
  expect(first.split(',').sort()).toEqual(second.split(',').sort());
});

test('a task whose name is too long for a label has no service on the wire, and is listed', async () => {
  const long = 'x'.repeat(80);
  const { ask, get } = await startKnowing({ tasks: [taskOf({ id: 't1', name: long, ports: [31_000, 31_000] })] });
  expect((await ask(`${'x'.repeat(63)}.marathon.mesos`)).answers).toHaveLength(1);
  expect(JSON.stringify(await get('/v1/enumerate'))).toContain(`_${'x'.repeat(63)}._tcp.marathon.mesos.`);
});
