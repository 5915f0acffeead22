import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesText, offeredMemoryMb } from '../../planning/plan/plan-agents.ts';
import { attributeFaults } from '../../planning/values/attribute-faults.ts';
import { resourceFaults } from '../../planning/values/resource-faults.ts';
import { trials } from '../support/trials.ts';

describe('resources', () => {
  it.each([
    'cpus:24;mem(web/front):24576; disk(*):0.5;ports:[21000-24000, 30000-34000];bugs:{a,b};',
    JSON.stringify([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, role: 'web' },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31010 }] } },
      { name: 'bugs', type: 'SET', set: { item: ['a'] } },
    ]),
  ])('may be scalars, ranges and sets, with roles: %s', (text) => {
    expect(resourceFaults(text)).toEqual([]);
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
    expect(resourceFaults(text)).toMatchObject([{ fix }]);
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
    expect(resourceFaults(text)).not.toEqual([]);
  });

  it('are refused with every fault', () => {
    const faults = resourceFaults('cpus;mem:2GB;disk:-1;ports:[1-2]');
    expect(faults.map(({ found }) => found)).toEqual(['cpus', 'mem:2GB', 'disk:-1']);
  });
});

describe('attributes', () => {
  it('may be text, numbers and ranges', () => {
    expect(attributeFaults('rack:abc;zone:west;os:centos5;level:10;keys:[1000-1500];url:a:b')).toEqual([]);
  });

  it.each(['', ';', 'rack', 'rack:', ':abc', 'a b:c', 'rack:{a,b}', 'rack:[a]', 'rack:a[b]', 'rack:abc;zone'])(
    'are refused: %j',
    (text) => {
      expect(attributeFaults(text)).not.toEqual([]);
    },
  );

  it.each([{ 'a;b': 'c' }, { 'a:b': 'c' }, { a: 'b;c' }, { a: '' }, { '': 'a' }])('are refused as a map: %j', (map) => {
    expect(attributeFaults(map as Record<string, string>)).not.toEqual([]);
  });

  it.each([
    ['rack', { rack: '' }],
    ['rack:a{b}', { rack: 'a{b}' }],
    ['a b:c', { 'a b': 'c' }],
    ['rack:{a}', { rack: '{a}' }],
  ])('are refused in the same words as text and as a map: %s', (text, map) => {
    const wordsOf = (faults: ReturnType<typeof attributeFaults>) =>
      faults.map(({ message, fix }) => ({ message, fix }));
    expect(attributeFaults(text)).toHaveLength(1);
    expect(wordsOf(attributeFaults(map))).toEqual(wordsOf(attributeFaults(text)));
  });

  it('are right as text when they are as a map', () => {
    const word = fc.stringMatching(/^[a-z0-9_.-]{1,10}$/);
    fc.assert(
      fc.property(fc.dictionary(word, word, { minKeys: 1, maxKeys: 5 }), (map) => {
        expect([attributeFaults(map), attributeFaults(attributesText(map))]).toEqual([[], []]);
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
        const faults = [...resourceFaults(sample), ...attributeFaults(sample)];
        expect(faults.every(({ message, fix }) => message !== '' && fix !== '')).toBe(true);
      }),
      { numRuns: trials('PROPERTY_RUNS', { usual: 300, thorough: 1000 }) },
    );
  });
});
