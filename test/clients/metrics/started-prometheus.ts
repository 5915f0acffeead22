import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { GeneratedFile } from '../../../generators/generated-file.ts';
import { freePort } from '../../engine/load-balancer/balancer-support.ts';
import { temporaryFolder } from '../../engine/agent/running-agent.ts';
import { startedProgram } from '../started-program.ts';

export interface Alert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface StartedPrometheus {
  readonly url: string;
  /** How many series a query gives now. */
  readonly count: (query: string) => Promise<number>;
  /** The sum of the values that it gives. */
  readonly value: (query: string) => Promise<number>;
  readonly firing: () => Promise<readonly Alert[]>;
  /** What it says of whom it asks: `up`, or why not. */
  readonly targets: () => Promise<readonly string[]>;
}

/** Waits, with what was asserted last. */
export const until = (assertion: () => Promise<void>): Promise<void> =>
  vi.waitFor(assertion, { timeout: 90_000, interval: 200 });

/** Writes the files into a folder of the test. */
export function written(files: readonly GeneratedFile[]): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const { path, content } of files) writeFileSync(join(folder, path), content);
  return folder;
}

/** Debian's Prometheus until the test ends, with these files as its configuration. */
export async function startedPrometheus(folder: string): Promise<StartedPrometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { output } = startedProgram('prometheus', [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`);
    const body = (await answer.json()) as { readonly status: string; readonly data: unknown; readonly error?: string };
    expect([path, body.status, body.error]).toEqual([path, 'success', undefined]);
    return body.data;
  };
  const query = async (text: string) => {
    const data = await ask(`/api/v1/query?query=${encodeURIComponent(text)}`);
    return (data as { readonly result: readonly { readonly value: readonly [number, string] }[] }).result;
  };
  await until(async () => {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ status }) => status,
      () => output().slice(-2000),
    );
    expect(ready).toBe(200);
  });
  return {
    url,
    count: async (text) => (await query(text)).length,
    value: async (text) => (await query(text)).reduce((sum, each) => sum + Number(each.value[1]), 0),
    firing: async () => {
      const { alerts } = (await ask('/api/v1/alerts')) as {
        readonly alerts: readonly { readonly state: string; readonly labels: Readonly<Record<string, string>> }[];
      };
      return alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels }) => ({ name: labels['alertname'] ?? '', labels }));
    },
    targets: async () => {
      const { activeTargets } = (await ask('/api/v1/targets')) as {
        readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
      };
      return activeTargets.map(({ health, lastError }) => `${health}${lastError}`);
    },
  };
}
