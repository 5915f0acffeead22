import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, runFake, temporaryFolder } from '../fake-context.ts';

const credentials = /^lab:[0-9a-f]{32}\n$/;

describe('the credentials of the registry add-on', { timeout: 60_000 }, () => {
  it('are made with the lab, and are in no other file and no output', async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout, stderr } = await runFake(['my-lab', '--addon', 'registry'], { cwd });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('\nMade secrets/registry with a random password, which git ignores.\n\nNext:\n');
    const files = filesIn(join(cwd, 'my-lab'));
    const text = files.get('secrets/registry') ?? '';
    expect(text).toMatch(credentials);
    expect(statSync(join(cwd, 'my-lab/secrets/registry')).mode & 0o777).toBe(0o600);
    const password = text.trim().slice('lab:'.length);
    const others = [...files].filter(([path]) => path !== 'secrets/registry');
    expect([stdout, ...others.map(([, content]) => content)].filter((each) => each.includes(password))).toEqual([]);
    expect(files.get('.gitignore')).toContain('\nsecrets/\n');
  });

  it('are not there without the add-on', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await runFake(['my-lab'], { cwd });
    expect(stdout).not.toContain('secrets');
    expect(filesIn(join(cwd, 'my-lab')).has('secrets/registry')).toBe(false);
  });

  it('are made by generate where they are missing', async () => {
    const cwd = temporaryFolder();
    const lab = join(cwd, 'my-lab');
    await runFake(['my-lab', '--addon', 'registry'], { cwd });
    rmSync(join(lab, 'secrets'), { recursive: true });
    expect(await runFake(['generate', '--lab', 'my-lab'], { cwd })).toMatchObject({
      exitCode: 0,
      stdout: 'made secrets/registry, with a random password\n',
    });
    expect(filesIn(lab).get('secrets/registry')).toMatch(credentials);
  });

  it('are kept where they are there', async () => {
    const cwd = temporaryFolder();
    const lab = join(cwd, 'my-lab');
    await runFake(['my-lab', '--addon', 'registry'], { cwd });
    writeFileSync(join(lab, 'secrets/registry'), 'teacher:mine\n');
    expect(await runFake(['generate', '--lab', 'my-lab', '--force'], { cwd })).toMatchObject({
      exitCode: 0,
      stdout: 'Nothing to do in my-lab: every file is as mesos-cluster.yaml says.\n',
    });
    expect(filesIn(lab).get('secrets/registry')).toBe('teacher:mine\n');
  });

  it('are only said where nothing is written', async () => {
    const cwd = temporaryFolder();
    const shown = await runFake(['my-lab', '--addon', 'registry', '--dry-run'], { cwd });
    expect(shown.stdout).toContain('secrets/registry would be made, with a random password\n');
    const asked = await runFake(['my-lab', '--addon', 'registry', '--dry-run', '--json'], { cwd });
    expect(JSON.parse(asked.stdout)).toMatchObject({
      files: expect.arrayContaining([{ path: 'secrets/registry', change: 'create' }]) as unknown,
    });
    expect(filesIn(cwd).size).toBe(0);
  });

  it.each([
    [
      'is empty',
      (path: string) => {
        writeFileSync(path, '');
      },
    ],
    [
      'is a folder',
      (path: string) => {
        mkdirSync(path);
      },
    ],
  ])('are refused before anything is written when the file %s', async (fault, spoil) => {
    const cwd = temporaryFolder();
    const lab = join(cwd, 'my-lab');
    await runFake(['my-lab'], { cwd });
    mkdirSync(join(lab, 'secrets'));
    spoil(join(lab, 'secrets/registry'));
    writeFileSync(join(lab, 'mesos-cluster.yaml'), 'name: my-lab\naddons: [registry]\n');
    const before = filesIn(lab);
    const { exitCode, stdout, stderr } = await runFake(['generate', '--lab', 'my-lab'], { cwd });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`REGISTRY_CREDENTIALS: The file with who may push to the registry ${fault}`);
    expect(stderr).toContain('my-lab/secrets/registry');
    expect(stderr).toContain('one line USER:PASSWORD');
    expect(filesIn(lab)).toEqual(before);
  });
});
