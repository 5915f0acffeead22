import { describe, expect, it } from 'vitest';
import { hostAddresses } from '../../../engine/load-balancer/host-addresses.ts';

describe('addresses of hosts', () => {
  it('are looked up once a minute, and only of names', async () => {
    let now = 0;
    const asked: string[] = [];
    const lookUp = (name: string) => {
      asked.push(name);
      return name === 'gone' ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(`10.0.0.${asked.length}`);
    };
    const addressesOf = hostAddresses(lookUp, () => now);
    const names = new Set(['agent1', 'gone', '127.0.0.2']);
    expect(await addressesOf(names)).toEqual({ agent1: '10.0.0.1' });
    expect(await addressesOf(names)).toEqual({ agent1: '10.0.0.1' });
    expect(asked).toEqual(['agent1', 'gone']);
    now = 60_001;
    expect(await addressesOf(names)).toEqual({ agent1: '10.0.0.3' });
    await addressesOf(new Set(['agent2']));
    now = 60_002;
    await addressesOf(names);
    expect(asked).toEqual(['agent1', 'gone', 'agent1', 'gone', 'agent2', 'agent1', 'gone']);
  });
});
