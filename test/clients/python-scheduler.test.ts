import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { fetchJson } from '../engine/scheduler-client.ts';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster } from './client-cluster.ts';

const script = fileURLToPath(new URL('scheduler.py', import.meta.url));

describe.skipIf(!requireTool('python3', ['python3', '--version']))(
  'a scheduler in Python, after the documentation',
  () => {
    test('subscribes, launches, acknowledges, reconciles, kills, and is torn down', async () => {
      const { master } = await startClientCluster();
      const { stdout } = await execa('python3', [script, new URL(master).host], { timeout: 30_000 });
      expect(stdout.split('\n')).toEqual([
        ...['SUBSCRIBED', 'ACCEPT', 'TASK_STARTING', 'TASK_RUNNING'],
        // The answer to RECONCILE, upon which it kills.
        ...['TASK_RUNNING', 'TASK_KILLED', 'end'],
      ]);
      const { completed_frameworks: completed } = await fetchJson(`${master}/state`);
      expect(completed).toMatchObject([
        { name: 'Example HTTP Framework', completed_tasks: [{ state: 'TASK_KILLED' }] },
      ]);
    });
  },
);
