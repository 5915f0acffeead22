import { describe, expect, it } from 'vitest';
import { whyWaiting, type WaitingAgents } from '../../checks/why-waiting.ts';

const queueOf = (app: object, declined: Readonly<Record<string, number>>) => ({
  queue: [
    { app: { id: '/other' } },
    {
      app: { id: '/app', ...app },
      processedOffersSummary: {
        rejectSummaryLastOffers: Object.entries(declined).map(([reason, count]) => ({ reason, declined: count })),
      },
    },
  ],
});

describe('why an app waits', () => {
  it.each<[object, string, string, WaitingAgents?]>([
    [{ cpus: 40 }, 'InsufficientCpus', 'less than 40 cpus free'],
    [{ mem: 4096 }, 'InsufficientMemory', 'less than 4096 MB of memory free'],
    [{ disk: 10 }, 'InsufficientDisk', 'less than 10 MB of disk free'],
    [{}, 'InsufficientGpus', 'too few gpus free'],
    [{ role: 'web' }, 'UnfulfilledRole', 'no resources of the role web'],
    [{ acceptedResourceRoles: ['a', '*'] }, 'UnfulfilledRole', 'no resources of the role a or *'],
    [
      {
        constraints: [
          ['rack', 'LIKE', 'r1'],
          ['hostname', 'UNIQUE'],
        ],
      },
      'UnfulfilledConstraint',
      'constraint not met (rack LIKE r1, hostname UNIQUE)',
    ],
    [{}, 'InsufficientPorts', 'too few ports free'],
    [
      { portDefinitions: [{ port: 8080 }], requirePorts: true },
      'InsufficientPorts',
      'port 8080 not offered, or taken; hostPort 0, or requirePorts false, takes any',
    ],
    [
      { container: { portMappings: [{ hostPort: 80 }, { hostPort: 0 }] } },
      'InsufficientPorts',
      'port 80 not offered, or taken (all agents are on this machine, and have a part of its ports each); hostPort 0, or requirePorts false, takes any',
      { sharePorts: true },
    ],
    [{}, 'SomethingNew', 'SomethingNew'],
  ])('%j declined for %s is said as %s', (app, reason, words, agents) => {
    expect(whyWaiting(queueOf(app, { [reason]: 1 }), '/app', agents)).toBe(`no offer fits: 1 agent: ${words}`);
  });

  it('counts the agents by what they lack', () => {
    const queue = queueOf({ cpus: 2, mem: 64 }, { InsufficientCpus: 2, InsufficientMemory: 1, InsufficientDisk: 0 });
    expect(whyWaiting(queue, '/app')).toBe(
      'no offer fits: 2 agents: less than 2 cpus free; 1 agent: less than 64 MB of memory free',
    );
  });

  it('is not known of an app that does not wait, or where Marathon does not say', () => {
    expect(whyWaiting(queueOf({}, {}), '/app')).toBeUndefined();
    expect(whyWaiting(queueOf({}, { InsufficientCpus: 1 }), '/other')).toBeUndefined();
    expect(whyWaiting(undefined, '/app')).toBeUndefined();
  });
});
