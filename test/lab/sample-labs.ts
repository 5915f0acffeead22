import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LabRequest } from '../../lab/lab-request.ts';

/** A temporary folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export const toolFolder = '.mesos-cluster/tool';

/** What a small lab consists of; `parts` replaces some of it. */
export function sampleRequest(directory: string, parts: Partial<LabRequest> = {}): LabRequest {
  return {
    directory,
    files: [
      { path: 'docker-compose.yml', content: 'services: {}\n' },
      { path: 'apps/basic-0.json', content: '{ "id": "basic-0" }\n' },
      { path: 'nodes/node1/start.sh', content: '#!/bin/sh\necho start\n', executable: true },
    ],
    spec: { path: 'mesos-cluster.yaml', content: 'name: lab\n' },
    replaceSpec: false,
    copies: [],
    toolVersion: '1.0.0',
    force: false,
    purpose: 'create',
    ...parts,
  };
}

/** Every file and folder below a folder, by relative path; folders (`/` at the end) have no content. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below + entry.name;
      if (entry.isDirectory()) {
        entries.push([`${path}/`, '']);
        visit(`${path}/`);
      } else entries.push([path, entry.isSymbolicLink() ? '(link)' : readFileSync(join(folder, path), 'latin1')]);
    }
  };
  visit('');
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
