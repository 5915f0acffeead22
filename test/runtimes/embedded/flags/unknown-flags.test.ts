import { describe, expect, it } from 'vitest';
import { presetNames } from '../../../../planning/catalogue/roles.ts';
import { unknownFlags, unknownFlagsWarning } from '../../../../runtimes/embedded/flags/unknown-flags.ts';
import { planOf } from '../plan-of.ts';

const flagsOf = async (spec: Parameters<typeof planOf>[0]) => unknownFlags(await planOf({ preset: 'ha', ...spec }));

describe('flags that the embedded runtime does not have', () => {
  it('are named once, by their places in the spec', async () => {
    const found = await flagsOf({
      mesos: {
        master: { flags: { acls: '/etc/acls.json' } },
        agent: { flags: { max_completed_executors_per_framework: 3 } },
      },
      marathon: { flags: { gpu_scheduling_behavior: 'restricted', ha: false, disable_http: true } },
    });
    expect(found).toEqual([
      'marathon.flags.disable_http',
      'marathon.flags.gpu_scheduling_behavior',
      'marathon.flags.ha',
      'mesos.agent.flags.max_completed_executors_per_framework',
      'mesos.master.flags.acls',
    ]);
    expect(unknownFlagsWarning(found.slice(0, 1))).toBe(
      'marathon.flags.disable_http: without effect here, the embedded runtime does not have this flag. ' +
        'Leave out what the lab can do without, or run it with --runtime docker',
    );
  });

  it('are not those that it reads, nor those that nobody would miss', async () => {
    const found = await flagsOf({
      mesos: {
        master: { flags: { agent_ping_timeout: '5secs', authenticate_agents: false } },
        agent: { flags: { recovery_timeout: '90secs', executor_registration_timeout: '2mins', gc_delay: '1days' } },
      },
      marathon: { flags: { enable_features: 'secrets' } },
    });
    expect(found).toEqual([]);
  });

  it('are features of Marathon that it does not have', async () => {
    expect(await flagsOf({ marathon: { flags: { enable_features: 'secrets,gpu_resources' } } })).toEqual([
      'marathon.flags.enable_features',
    ]);
  });

  it.each(presetNames)('are none of what the preset %s sets of itself', async (preset) => {
    expect(await flagsOf({ preset })).toEqual([]);
  });
});
