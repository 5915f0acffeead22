import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { steadyTraffic } from '../../support/steady-traffic.ts';
import { dockerLab, localImages, type DockerLab } from '../support/docker-lab.ts';
import { docker, hostEngine } from '../support/engine.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const example = fileURLToPath(new URL('../../../examples/pipeline', import.meta.url));

/** As a developer has it, with pushes that are edits of the app. */
describe.skipIf(!hasDocker)('the example of a pipeline', { timeout: 240_000 }, () => {
  let lab: DockerLab;
  const folder = mkdtempSync(join(tmpdir(), 'docker-pipeline-'));
  const server = join(folder, 'app/server.mjs');
  const registry = () => `127.0.0.1:${String(5000 + lab.portOffset)}`;
  const marathon = () => `http://127.0.0.1:${String(8080 + lab.portOffset)}`;
  const service = () => `http://127.0.0.1:${String(10_005 + lab.portOffset)}`;
  const versions: string[] = [];

  const pipeline = (version: string, more: Readonly<Record<string, string>> = {}) => {
    versions.push(version);
    return execa(process.execPath, [join(folder, 'pipeline.mjs')], {
      reject: false,
      env: {
        ...{ LAB: lab.directory, VERSION: version, REGISTRY: registry(), MARATHON: marathon(), SERVICE: service() },
        ...{ BASE: localImages.build.base, NO_COLOR: '1', ...more },
      },
    });
  };
  const edit = (from: string, to: string) => {
    const text = readFileSync(server, 'utf8');
    expect(text).toContain(from);
    writeFileSync(server, text.replace(from, to));
  };
  const said = async () => (await fetch(`${service()}/version`, { signal: AbortSignal.timeout(5000) })).text();

  beforeAll(async () => {
    cpSync(example, folder, { recursive: true });
    lab = await dockerLab({ addons: ['registry'] });
    const { status, stderr } = await lab.run('up', '--runtime', 'docker');
    expect(status, stderr).toBe(0);
  });
  afterAll(async () => {
    for (const version of versions) {
      await docker(hostEngine, 'image', 'rm', `${registry()}/hello:${version}`).catch(() => '');
    }
    await lab.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a push with a wrong password, and deploys nothing', async () => {
    const { exitCode, stderr } = await pipeline('v0', { REGISTRY_CREDENTIALS: 'lab:wrong' });
    expect(exitCode, stderr).not.toBe(0);
    expect(stderr).toMatch(/unauthorized|denied/i);
    expect(await lab.ask(8080, '/v2/apps')).toEqual({ apps: [] });
  });

  it('brings in the first version, and the next one without a request that fails', async () => {
    const first = await pipeline('v1');
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toContain('Version v1 runs.');
    const traffic = steadyTraffic(`${service()}/version`);
    const second = await pipeline('v2');
    traffic.end();
    expect(second.exitCode, second.stderr).toBe(0);
    const answers = await traffic.take();
    expect(answers.length).toBeGreaterThan(100);
    expect(new Set(answers)).toEqual(new Set(['v1', 'v2']));
  });

  it('goes back where the new version is not well', async () => {
    edit("'/health': 'well'", "'/ill': 'well'");
    const { exitCode, stderr } = await pipeline('v3');
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain('DEPLOY_WENT_BACK');
    expect(await said()).toBe('v2');
    edit("'/ill': 'well'", "'/health': 'well'");
  });

  it('deploys the version before where the new one is well and answers wrong', async () => {
    edit('Hello from version ${version}', 'Hello');
    const { exitCode, stderr, stdout } = await pipeline('v4');
    expect(exitCode, stderr).toBe(6);
    expect(stderr).toContain('does not say v4');
    expect(stdout).toMatch(/Deploying registry:5000\/hello:v4[^]*Deploying registry:5000\/hello:v2/);
    expect(await said()).toBe('v2');
  });
});
