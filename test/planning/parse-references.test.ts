import { describe, expect, it } from 'vitest';
import { addressKind, isIpv6, isVirtualboxHostOnly, parseIpv4 } from '../../planning/values/parse-address.ts';
import { parseImageReference } from '../../planning/values/parse-image-reference.ts';
import { nearest } from '../../planning/shape/nearest.ts';

const digest = `sha256:${'a1'.repeat(32)}`;

describe('an image reference', () => {
  it.each([
    ['zookeeper', { path: 'zookeeper' }],
    ['zookeeper:3.9', { path: 'zookeeper', tag: '3.9' }],
    ['mesosphere/marathon:v1.11.24', { path: 'mesosphere/marathon', tag: 'v1.11.24' }],
    ['localhost/a', { domain: 'localhost', path: 'a' }],
    ['localhost:5000/a/b:c', { domain: 'localhost:5000', path: 'a/b', tag: 'c' }],
    ['r.example/a__b/c--d.e@' + digest, { domain: 'r.example', path: 'a__b/c--d.e', digest }],
    ['[::1]:5000/a:b@' + digest, { domain: '[::1]:5000', path: 'a', tag: 'b', digest }],
  ])('is taken apart: %s', (text, parts) => {
    expect(parseImageReference(text)).toEqual(parts);
  });

  it.each([
    ...[
      '',
      'A',
      'a:',
      'a:-b',
      `a:${'b'.repeat(129)}`,
      'a@',
      'a@sha256:12',
      'a//b',
      '/a',
      'a/',
      '-a',
      'a b',
      'a..b',
      'a___b',
      '😀',
    ],
    ...['https://r/a', 'r.example:x/a', 'a'.repeat(256), 'ab'.repeat(32), 'a\nb', '$(id)', 'a:b:c'],
  ])('is refused: %j', (text) => {
    expect(parseImageReference(text)).toHaveProperty('fault');
  });
});

describe('an IPv4 address', () => {
  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.-4',
    '1.2.3.4 ',
    '0x1.2.3.4',
    'a.b.c.d',
    '',
    '1.2.3.4\n',
  ])('is not %j', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });

  it.each([
    ['0.1.2.3', 'unspecified'],
    ['127.8.9.1', 'loopback'],
    ['10.0.0.2', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.59.11', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['203.0.113.9', 'documentation'],
    ['8.8.8.8', 'public'],
    ['239.1.1.1', 'multicast'],
    ['250.1.1.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
  ])('%s is %s', (text, kind) => {
    const octets = parseIpv4(text);
    expect(octets && addressKind(octets)).toBe(kind);
  });

  it('is in 192.168.56.0/21 or not', () => {
    expect(isVirtualboxHostOnly([192, 168, 56, 0])).toBe(true);
    expect(isVirtualboxHostOnly([192, 168, 63, 255])).toBe(true);
    expect(isVirtualboxHostOnly([192, 168, 64, 0])).toBe(false);
    expect(isVirtualboxHostOnly([192, 168, 55, 255])).toBe(false);
  });
});

describe('an IPv6 address', () => {
  it('has eight groups, or fewer and one gap', () => {
    expect(
      ['::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '1::', '1:2:3:4:5:6:1.2.3.4'].every(isIpv6),
    ).toBe(true);
    const wrong = [
      '',
      ':',
      ':::',
      '1',
      '1:2',
      '1::2::3',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      'g::',
      '::1.2.3',
      '1.2.3.4::',
      '1.2.3.4',
      'fe80::1%eth0',
      '[::1]',
      ':1::',
    ];
    expect(wrong.filter(isIpv6)).toEqual([]);
  });
});

describe('the nearest word', () => {
  it('is at most a third away, whatever its case and separators', () => {
    const words = ['zookeepers', 'masters', 'agents', 'zkPath'];
    expect(nearest('zookeper', words)).toBe('zookeepers');
    expect(nearest('zk_path', words)).toBe('zkPath');
    expect(nearest('Master', words)).toBe('masters');
    expect(nearest('unrelated', words)).toBeUndefined();
    expect(nearest('', words)).toBeUndefined();
    expect(nearest('bar', ['ha', 'bars'])).toBe('bars');
    expect(nearest('bar', ['ha', 'zk', 'port'])).toBeUndefined();
  });
});
