import { expect, test } from 'vitest';
import { parseAttributes } from '../../../protocol/parse-attributes.ts';
import { parseResources } from '../../../protocol/parse-resources.ts';

test('resources are parsed as Mesos does', () => {
  expect(parseResources(' cpus:24; mem(web):24576;ports:[21000-24000, 30000-34000];zones:{a,b};')).toEqual([
    { name: 'cpus', type: 'SCALAR', scalar: { value: 24 }, role: '*' },
    { name: 'mem', type: 'SCALAR', scalar: { value: 24576 }, role: 'web' },
    {
      name: 'ports',
      type: 'RANGES',
      ranges: {
        range: [
          { begin: 21000, end: 24000 },
          { begin: 30000, end: 34000 },
        ],
      },
      role: '*',
    },
    { name: 'zones', type: 'SET', set: { item: ['a', 'b'] }, role: '*' },
  ]);
  expect(parseResources('[{"name":"cpus","type":"SCALAR","scalar":{"value":2}}]')).toEqual([
    { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, role: '*' },
  ]);
});

test('attributes are text, numbers or ranges', () => {
  expect(parseAttributes('rack:abc;zone:west;os:centos5;level:10;keys:[1000-1500]')).toEqual([
    { name: 'rack', type: 'TEXT', text: { value: 'abc' } },
    { name: 'zone', type: 'TEXT', text: { value: 'west' } },
    { name: 'os', type: 'TEXT', text: { value: 'centos5' } },
    { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
    { name: 'keys', type: 'RANGES', ranges: { range: [{ begin: 1000, end: 1500 }] } },
  ]);
  expect(parseAttributes('')).toEqual([]);
});

test.each(['cpus', 'cpus:', 'cpus:a', 'ports:[5-1]', 'ports:[5', 'ports:[]', 'a:b:c', '[{}]'])(
  'the resources %s are refused',
  (text) => {
    expect(() => parseResources(text)).toThrow();
  },
);

test.each(['rack', 'rack:', ':x', 'rack:]['])('the attributes %s are refused', (text) => {
  expect(() => parseAttributes(text)).toThrow();
});
