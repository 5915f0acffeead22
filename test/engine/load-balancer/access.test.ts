import { describe, expect, it } from 'vitest';
import { allowedNetworks } from '../../../engine/load-balancer/access/allowed-networks.ts';

describe('networks that may come', () => {
  it('hold what is in them, of IPv4 and IPv6, and nothing else', () => {
    const lets = allowedNetworks('10.1.40.0/24 10.1.55.43 fd00::/8');
    expect(['10.1.40.7', '10.1.55.43', 'fd00::1'].map(lets)).toEqual([true, true, true]);
    expect(['10.1.41.7', '10.1.55.44', 'fe80::1', ''].map(lets)).toEqual([false, false, false, false]);
  });

  it.each(['10.1.40.0/', '10.1.40.0/0x0', '10.1.40.0/0/24', '10.1.40.0/33', '10.1.40.0/-1', '/0'])(
    'let nobody in by a word that is no network: %s',
    (word) => {
      const lets = allowedNetworks(word);
      expect(['10.1.40.7', '192.0.2.1'].map(lets)).toEqual([false, false]);
    },
  );
});
