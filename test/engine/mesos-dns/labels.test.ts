import { describe, expect, test } from 'vitest';
import { domainFragment, rfc1123, rfc952 } from '../../../engine/mesos-dns/records/labels.ts';
import { taskHash } from '../../../engine/mesos-dns/records/task-hash.ts';

describe('a label', () => {
  test.each([
    ['My_App.v1', 'my-app-v1'],
    ['--web--', 'web'],
    ['4ever', '4ever'],
    ['shöp!', 'shp'],
    ['', ''],
    ['a'.repeat(70), 'a'.repeat(63)],
    // Hyphens at the cut make room for what follows them.
    [`${'a'.repeat(61)}---bcd`, `${'a'.repeat(61)}bc`],
  ])('of %s is %s by RFC 1123', (name, label) => {
    expect(rfc1123(name)).toBe(label);
  });

  test.each([
    ['4abc123', 'abc123'],
    ['-9-web', 'web'],
    ['Chronos with a SPACE and much more', 'chronoswithaspaceandmuch'],
    ['x'.repeat(30), 'x'.repeat(24)],
  ])('of %s is %s by RFC 952', (name, label) => {
    expect(rfc952(name)).toBe(label);
  });

  test('of a name with dots is made of each part', () => {
    expect(domainFragment('.marathon-0.8.1..Prod_', rfc1123)).toBe('marathon-0.8.1.prod');
  });
});

test('the hash of a task is the begin of its SHA-1 in z-base-32', () => {
  // As hashString of Mesos-DNS has it (records/generator_test.go).
  expect(taskHash('test')).toBe('iffe9');
});
