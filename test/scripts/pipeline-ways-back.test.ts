import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startFakeServer } from '../support/fake-server.ts';

/*
 * What the example does where the new version is well and answers wrong, with a docker that only reads, and an npm that
 * writes down which image it is given; the test in test/docker has real ones.
 */

const example = fileURLToPath(new URL('../../examples/pipeline', import.meta.url));
const image = (version: string) => `registry:5000/hello:${version}`;
const fakeNpm = `#!/bin/sh
sed -n 's/.*"image": "\\(.*\\)".*/\\1/p' "$5" >>"$FAKE/deployed"
[ "$(wc -l <"$FAKE/deployed")" -lt "$FAILS_AT" ] || { echo 'no deploy'; exit 5; }
echo '{"apps": [{"id": "/hello-blue", "state": "created"}]}'
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-pipeline-'));
  cpSync(example, folder, { recursive: true });
  mkdirSync(join(folder, 'programs'));
  for (const [name, text] of Object.entries({ docker: '#!/bin/sh\ncat >/dev/null\n', npm: fakeNpm })) {
    const path = join(folder, 'programs', name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** @param there images that Marathon has when it begins @param failsAt which deploy fails, from 1; 0: none */
async function brokenV2(there: readonly string[], failsAt = 0) {
  const apps = there.map((each) => ({ container: { docker: { image: each } } }));
  const url = await startFakeServer(({ url: path = '' }, answer) => {
    answer.end(path.startsWith('/v2/apps?') ? JSON.stringify({ apps }) : path === '/version' ? 'v2' : 'Hello');
  });
  const { exitCode, stderr } = await execa(process.execPath, [join(folder, 'pipeline.mjs')], {
    reject: false,
    timeout: 60_000,
    env: {
      ...{ PATH: `${folder}/programs:${process.env['PATH'] ?? ''}`, FAKE: folder, FAILS_AT: String(failsAt || 9) },
      ...{ LAB: folder, VERSION: 'v2', REGISTRY_CREDENTIALS: 'lab:secret', MARATHON: url, SERVICE: url },
    },
  });
  const deployed = readFileSync(join(folder, 'deployed'), 'utf8').trim().split('\n');
  return { exitCode, stderr, deployed };
}

it('deploys the version before, though one that was killed left the new one beside it', async () => {
  for (const there of [[image('v1')], [image('v2'), image('v1')]]) {
    rmSync(join(folder, 'deployed'), { force: true });
    const { exitCode, deployed, stderr } = await brokenV2(there);
    expect(deployed, stderr).toEqual([image('v2'), image('v1')]);
    expect(exitCode).toBe(6);
  }
});

it('says that the wrong version still serves where there is none before it', async () => {
  for (const there of [[], [image('v2')]]) {
    rmSync(join(folder, 'deployed'), { force: true });
    const { exitCode, deployed, stderr } = await brokenV2(there);
    expect(deployed, stderr).toEqual([image('v2')]);
    expect(stderr).toContain('There is no version before it: it still serves.');
    expect(exitCode).toBe(7);
  }
});

it('says so, too, where the version before could not be deployed, which is no 5: that has all requests', async () => {
  const { exitCode, deployed, stderr } = await brokenV2([image('v1')], 2);
  expect(deployed, stderr).toEqual([image('v2'), image('v1')]);
  expect(stderr).toContain(`${image('v1')} could not be deployed: version v2 still serves.`);
  expect(exitCode).toBe(7);
});

it('ends as deploy does where the new version was not well', async () => {
  const { exitCode, deployed } = await brokenV2([image('v1')], 1);
  expect(deployed).toEqual([image('v2')]);
  expect(exitCode).toBe(5);
});
