import { describe, expect, test } from 'vitest';
import { marathonMember, masterMember } from '../../../engine/discovery/member-formats.ts';

describe('masters', () => {
  test.each([
    ['json.info_0000000012', 12],
    ['json.info_2147483647', 2_147_483_647],
    ['json.info_-2147483648', -2_147_483_648],
    ['info_0000000003', 3],
    ['log_replicas', undefined],
    ['0000000004', undefined],
    ['json.info_12', undefined],
    ['other_0000000012', undefined],
  ])('%s has the number %s', (name, sequence) => {
    expect(masterMember.sequenceOf(name)).toBe(sequence);
  });

  const read = (info: unknown) => masterMember.read('json.info_0000000001', JSON.stringify(info));

  test('a real MasterInfo says where its master is', () => {
    const info = {
      address: { hostname: 'm1.example', ip: '10.0.0.1', port: 5050 },
      hostname: 'm1.example',
      id: 'abc',
      ip: 16777226,
      pid: 'master@10.0.0.1:5050',
      port: 5050,
    };
    expect(read(info)).toEqual({ id: 'abc', url: 'http://10.0.0.1:5050', hostname: 'm1.example', info });
    const { address: _, ...old } = info;
    expect(read(old)).toMatchObject({ url: 'http://10.0.0.1:5050', hostname: 'm1.example' });
    expect(read({ ...info, address: { hostname: 'm1', port: 1 }, ip: 0 })).toMatchObject({ url: 'http://m1:1' });
    expect(read({ ...info, address: { ip: '::1', port: 5050 } })).toMatchObject({ url: 'http://[::1]:5050' });
  });

  test.each([[null], ['x'], [7], [[]], [{}], [{ address: null }], [{ port: 5050 }], [{ hostname: 'a', port: 0 }]])(
    'what is not one is nobody: %j',
    (info) => {
      expect(read(info)).toBeUndefined();
    },
  );

  test('broken JSON and the protobuf of old masters are nobody', () => {
    expect(masterMember.read('json.info_0000000001', '{')).toBeUndefined();
    expect(masterMember.read('info_0000000001', '{"port":5050,"hostname":"a"}')).toBeUndefined();
  });

  test('a candidate without MasterInfo writes what others need', () => {
    const written = masterMember.write({ id: 'abc', url: 'http://10.0.0.1:5050', hostname: 'm1' });
    expect(masterMember.read('json.info_0000000001', written)).toMatchObject({
      id: 'abc',
      url: 'http://10.0.0.1:5050',
      hostname: 'm1',
    });
  });
});

describe('Marathons', () => {
  test('they are called and numbered as Curator does it', () => {
    const prefix = marathonMember.prefix('0a1b2c3d-0000-4000-8000-000000000000');
    expect(prefix).toBe('_c_0a1b2c3d-0000-4000-8000-000000000000-latch-');
    expect(marathonMember.sequenceOf(`${prefix}0000000007`)).toBe(7);
    expect(marathonMember.sequenceOf('latch-0000000008')).toBe(8);
    expect(marathonMember.sequenceOf('something')).toBeUndefined();
  });

  test('they are known by host and port', () => {
    const candidate = marathonMember.read('', 'marathon1:8080');
    expect(candidate).toEqual({ id: 'marathon1:8080', url: 'http://marathon1:8080', hostname: 'marathon1' });
    expect(marathonMember.write({ id: 'marathon1:8080', url: 'http://x', hostname: 'x' })).toBe('marathon1:8080');
    for (const data of ['', 'marathon1', ':8080', 'a b:1', 'http://a:1/']) {
      expect(marathonMember.read('', data), data).toBeUndefined();
    }
  });
});
