import { describe, expect, it } from 'vitest';
import { readAgents } from '../../../autoscaling/agents/read-agents.ts';
import { readQueue } from '../../../autoscaling/agents/read-queue.ts';

const slave = (hostname: string, more: object = {}) => ({
  ...{ hostname, port: 5051, active: true, attributes: {} },
  resources: { cpus: 4, mem: 2048, disk: 10_000, gpus: 0, ports: '[31000-32000]' },
  unreserved_resources: { cpus: 3, mem: 1024, disk: 10_000, gpus: 0 },
  used_resources: { cpus: 1, mem: 24, disk: 0, gpus: 0 },
  ...more,
});
const unused = { used_resources: { cpus: 0, mem: 0, disk: 0, gpus: 0 } };
const volume = { name: 'disk', role: 'marathon', scalar: { value: 10 }, disk: { persistence: { id: 'data' } } };

describe('the agents of a master', () => {
  it('are in the order in which they were added, with what nobody uses of what is for everybody', () => {
    const agents = readAgents({ slaves: [slave('agent10'), slave('agent2'), slave('127.0.0.10'), slave('127.0.0.9')] });
    expect(agents.map(({ name }) => name)).toEqual(
      ['127.0.0.9', '127.0.0.10', 'agent2', 'agent10'].map((host) => `${host}:5051`),
    );
    expect(agents[0]).toMatchObject({ whole: { cpus: 3, mem: 1024 }, free: { cpus: 2, mem: 1000 }, isIdle: false });
  });

  it('are idle without a task, an executor and a volume', () => {
    const held = { ...unused, reserved_resources_full: { marathon: [volume] } };
    const all = [slave('a', unused), slave('b', held), slave('c', { ...unused, active: false, deactivated: true })];
    expect(readAgents({ slaves: all }).map(({ isIdle }) => isIdle)).toEqual([true, false, false]);
  });

  it('are neither simulated nor gone; one that is drained is there, and has no room', () => {
    const simulated = slave('s', { attributes: { simulated: 'true' } });
    const drained = slave('d', { active: false, deactivated: true });
    const agents = readAgents({ slaves: [simulated, drained, slave('g', { active: false })] });
    expect(agents).toMatchObject([{ name: 'd:5051', free: { cpus: 0, mem: 0 } }]);
    expect(readAgents('what else a server may say')).toEqual([]);
  });
});

describe('the queue of a Marathon', () => {
  const app = { id: '/big', cpus: 2, mem: 64, disk: 0, gpus: 0 };
  const rejected = (...reasons: readonly (readonly [string, number])[]) => ({
    processedOffersSummary: { rejectSummaryLastOffers: reasons.map(([reason, declined]) => ({ reason, declined })) },
  });

  it.each([
    ['cpus', [['InsufficientCpus', 2] as const]],
    [
      'cpus on some, and a constraint on others',
      [['UnfulfilledConstraint', 1] as const, ['InsufficientCpus', 1] as const],
    ],
    ['nothing that is known: full agents make no offer', []],
    ['nothing any more', [['UnfulfilledConstraint', 0] as const]],
  ])('waits for resources where offers lacked %s', (_, reasons) => {
    const queue = { queue: [{ app, count: 3, delay: { overdue: true }, ...rejected(...reasons) }] };
    expect(readQueue(queue)).toEqual([
      { id: '/big', count: 3, needs: { cpus: 2, mem: 64, disk: 0, gpus: 0 }, isDue: true },
    ]);
  });

  it('waits for something else where all offers lacked that', () => {
    const reasons = [['UnfulfilledRole', 1] as const, ['UnfulfilledConstraint', 2] as const];
    const queue = { queue: [{ app, count: 1, delay: { overdue: false }, ...rejected(...reasons) }] };
    expect(readQueue(queue)).toMatchObject([{ isDue: false, otherwise: 'UnfulfilledRole, UnfulfilledConstraint' }]);
  });

  it('has pods, with what their executor takes', () => {
    const containers = [{ resources: { cpus: 0.5, mem: 64 } }, { resources: { cpus: 0.4, mem: 4, disk: 20 } }];
    const [waiting] = readQueue({ queue: [{ pod: { id: '/pod', containers }, count: 1 }] });
    expect(waiting?.id).toBe('/pod');
    expect(waiting?.needs).toMatchObject({ mem: 100, disk: 30, gpus: 0 });
    expect(waiting?.needs.cpus).toBeCloseTo(1);
  });
});
