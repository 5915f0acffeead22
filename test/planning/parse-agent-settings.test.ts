import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAttributeMap, parseAttributes } from '../../planning/values/parse-attributes.ts';
import { parseResources } from '../../planning/values/parse-resources.ts';
import { offeredMemoryMb } from '../../planning/plan/plan-agents.ts';

describe('resources', () => {
  it('are scalars, ranges and sets, with roles', () => {
    expect(
      parseResources('cpus:24;mem(web/front):24576; disk(*):0.5;ports:[21000-24000, 30000-34000];bugs:{a,b};'),
    ).toEqual({
      kind: 'resources',
      resources: [
        { name: 'cpus', value: { kind: 'scalar', value: 24 } },
        { name: 'mem', role: 'web/front', value: { kind: 'scalar', value: 24576 } },
        { name: 'disk', role: '*', value: { kind: 'scalar', value: 0.5 } },
        {
          name: 'ports',
          value: {
            kind: 'ranges',
            ranges: [
              { first: 21000, last: 24000 },
              { first: 30000, last: 34000 },
            ],
          },
        },
        { name: 'bugs', value: { kind: 'set', items: ['a', 'b'] } },
      ],
    });
  });

  it('may be JSON', () => {
    const json = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, role: 'web' },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31010 }] } },
      { name: 'bugs', type: 'SET', set: { item: ['a'] } },
    ];
    expect(parseResources(JSON.stringify(json))).toEqual({
      kind: 'resources',
      resources: [
        { name: 'cpus', role: 'web', value: { kind: 'scalar', value: 2 } },
        { name: 'ports', value: { kind: 'ranges', ranges: [{ first: 31000, last: 31010 }] } },
        { name: 'bugs', value: { kind: 'set', items: ['a'] } },
      ],
    });
  });

  it('have their memory added up, however it is written', () => {
    const json = (...amounts: readonly number[]) =>
      JSON.stringify(amounts.map((value) => ({ name: 'mem', type: 'SCALAR', scalar: { value } })));
    const texts = ['mem:4e3', 'mem:2048;mem:2048', 'mem(web):1024;cpus:1;mem(*):1024', 'mem:0.5', json(512, 512)];
    expect(texts.map(offeredMemoryMb)).toEqual([4000, 4096, 2048, 1, 1024]);
    expect(['', 'cpus:1', '[{"name":"cpus","type":"SCALAR","scalar":{"value":2}}]'].map(offeredMemoryMb)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['cpus=2', 'Write cpus:2'],
    ['mem = 1024', 'Write mem:1024'],
    ['cpus 2', 'Write cpus:2'],
  ])('are refused as %j with how to write them', (text, fix) => {
    expect(parseResources(text)).toMatchObject({ kind: 'faults', faults: [{ fix }] });
  });

  it.each([
    ...[
      '',
      ' ; ',
      'cpus',
      'cpus:',
      ':2',
      'cpus:2:3',
      'cpus:two',
      'cpus:0',
      'cpus:-1',
      'cpus:[1-2]',
      'mem:2GB',
      'gpus:1.5',
      'cpus:1e999',
      'cpus:1e99',
      'mem:1e15',
      'bugs:1e13',
    ],
    ...[
      'ports:31000',
      'ports:[0-5]',
      'ports:[1-65536]',
      'ports:[5-1]',
      'ports:[]',
      'ports:[1-2',
      'ports:[1]',
      'ports:{1,2}',
    ],
    ...[
      'bugs:{a,}',
      'bugs:{',
      'bugs:a{b}',
      'cpus():1',
      'cpus(-a):1',
      'cpus(..):1',
      'cpus(a b):1',
      'cpus(a:1',
      'c pus:1',
    ],
    ...[
      '[]',
      '[1]',
      '[{"name":"cpus"}]',
      '[{"name":"cpus","type":"TEXT"}]',
      '[{"name":"mem","type":"SCALAR","scalar":{"value":-1}}]',
      '[',
      '{"name":"cpus"}',
    ],
  ])('are refused: %j', (text) => {
    expect(parseResources(text).kind).toBe('faults');
  });

  it('are refused with every fault', () => {
    const parsed = parseResources('cpus;mem:2GB;disk:-1;ports:[1-2]');
    expect(parsed.kind === 'faults' && parsed.faults.map(({ found }) => found)).toEqual(['cpus', 'mem:2GB', 'disk:-1']);
  });
});

describe('attributes', () => {
  it('are text, numbers and ranges', () => {
    expect(parseAttributes('rack:abc;zone:west;os:centos5;level:10;keys:[1000-1500];url:a:b')).toEqual({
      kind: 'attributes',
      attributes: [
        { name: 'rack', value: { kind: 'text', text: 'abc' } },
        { name: 'zone', value: { kind: 'text', text: 'west' } },
        { name: 'os', value: { kind: 'text', text: 'centos5' } },
        { name: 'level', value: { kind: 'scalar', value: 10 } },
        { name: 'keys', value: { kind: 'ranges', ranges: [{ first: 1000, last: 1500 }] } },
        { name: 'url', value: { kind: 'text', text: 'a:b' } },
      ],
    });
  });

  it.each(['', ';', 'rack', 'rack:', ':abc', 'a b:c', 'rack:{a,b}', 'rack:[a]', 'rack:a[b]', 'rack:abc;zone'])(
    'are refused: %j',
    (text) => {
      expect(parseAttributes(text).kind).toBe('faults');
    },
  );

  it.each([{ 'a;b': 'c' }, { 'a:b': 'c' }, { a: 'b;c' }, { a: '' }, { '': 'a' }])('are refused as a map: %j', (map) => {
    expect(parseAttributeMap(map as Record<string, string>).kind).toBe('faults');
  });

  it('are the same as text and as a map', () => {
    const word = fc.stringMatching(/^[a-z0-9_.-]{1,10}$/);
    fc.assert(
      fc.property(fc.dictionary(word, word, { minKeys: 1, maxKeys: 5 }), (map) => {
        const text = Object.entries(map).map(([name, value]) => `${name}:${value}`);
        expect(parseAttributes(text.join(';'))).toEqual(parseAttributeMap(map));
      }),
    );
  });
});

describe('any text', () => {
  it('is parsed or refused in words', () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...Array.from('cpus:;[]{}()-,1 "'))).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (sample) => {
        for (const parsed of [parseResources(sample), parseAttributes(sample)]) {
          if (parsed.kind === 'faults')
            expect(parsed.faults.every(({ message, fix }) => message !== '' && fix !== '')).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
