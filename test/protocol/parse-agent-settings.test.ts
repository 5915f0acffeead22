import { expect, test } from 'vitest';
import { parseAttributes } from '../../protocol/parse-attributes.ts';
import { parseResources } from '../../protocol/parse-resources.ts';
import { isFault, itemsOf } from '../../protocol/parse-value.ts';

const resourcesOf = (text: string) => itemsOf(parseResources(text));
const attributesOf = (text: string) => itemsOf(parseAttributes(text));

test('resources are parsed as Mesos does', () => {
  expect(resourcesOf(' cpus:24; mem(web):24576;ports:[21000-24000, 30000-34000];zones:{a,b};')).toEqual([
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
});

test('resources may be JSON, and keep what else is in it', () => {
  const json = [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, role: 'web' },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31010 }] }, role: '*', shared: {} },
    { name: 'bugs', type: 'SET', set: { item: ['a'] } },
  ];
  const [cpus, ports, bugs] = json;
  expect(resourcesOf(JSON.stringify(json))).toEqual([cpus, ports, { ...bugs, role: '*' }]);
});

test('attributes are text, numbers or ranges', () => {
  expect(attributesOf('rack:abc;zone:west;os:centos5;level:10;keys:[1000-1500];url:a:b')).toEqual([
    { name: 'rack', type: 'TEXT', text: { value: 'abc' } },
    { name: 'zone', type: 'TEXT', text: { value: 'west' } },
    { name: 'os', type: 'TEXT', text: { value: 'centos5' } },
    { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
    { name: 'keys', type: 'RANGES', ranges: { range: [{ begin: 1000, end: 1500 }] } },
    { name: 'url', type: 'TEXT', text: { value: 'a:b' } },
  ]);
  expect(attributesOf('')).toEqual([]);
});

test.each(['cpus', 'cpus:', 'cpus:a', 'ports:[5-1]', 'ports:[5', 'ports:[]', 'a:b:c', '[{}]'])(
  'the resources %s are refused',
  (text) => {
    expect(() => resourcesOf(text)).toThrow();
  },
);

test.each(['rack', 'rack:', ':x', 'rack:]['])('the attributes %s are refused', (text) => {
  expect(() => attributesOf(text)).toThrow();
});

test('each part is read by itself, and what does not parse is told with its place', () => {
  const parts = parseResources('cpus:2; mem ;ports:[1-2,9-5];x(a b):1;y:1:2');
  expect(parts.map(({ part, result }) => (isFault(result) ? [part, result.kind, result.found] : result.name))).toEqual([
    'cpus',
    ['mem', 'no-value', 'mem'],
    ['ports:[1-2,9-5]', 'reversed-range', '9-5'],
    ['x(a b):1', 'role', 'x(a b):1'],
    ['y:1:2', 'many-colons', 'y:1:2'],
  ]);
});
