import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launcherMark } from '../../cli/lab/launcher.ts';
import { textFingerprint } from '../../lab/fingerprint.ts';
import { fakeToolFolder, filesButPasswords, filesIn, folderWith, runFake, temporaryFolder } from './fake-context.ts';

const quiet = { stderr: '', exitCode: 0 };

describe('create', () => {
  it('writes a lab, says what it is and what to do next', async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout, stderr } = await runFake(['my-lab', '--preset', 'ha'], { cwd });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Wrote \d+ files to my-lab: 3 ZooKeepers, 3 masters \(quorum 2\), 3 agents, 1 Marathon, 1 load balancer, on this machine\.\n\nNext:\n {2}cd my-lab\n {2}npm run up\n$/,
    );
    const files = filesIn(join(cwd, 'my-lab'));
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        '.mesos-cluster/spec.schema.json',
        '.mesos-cluster/tool/create-mesos-cluster.cjs',
        'docker-compose.yml',
        'mesos-cluster.yaml',
        'package.json',
      ]),
    );
    expect(files.get('mesos-cluster.yaml')).toMatch(/^name: my-lab\npreset: ha\n/m);
  });

  it.each([
    [['--preset', 'three-vm'], []],
    [
      ['--preset', 'two-host'],
      ['add docker: ssh://USER@ADDRESS to the nodes in mesos-cluster.yaml', 'npm run generate'],
    ],
  ])('says that a lab on machines is started from here: %j', async (argv, before) => {
    const { exitCode, stdout } = await runFake(['my-lab', ...argv], { cwd: temporaryFolder() });
    expect(exitCode).toBe(0);
    const steps = ['cd my-lab', ...before, 'npm run up'];
    expect(stdout).toContain(`\nNext:\n${steps.map((step) => `  ${step}\n`).join('')}`);
  });

  it('writes into the current folder when that is asked for', async () => {
    const cwd = join(temporaryFolder(), 'here');
    mkdirSync(cwd);
    const { exitCode, stdout } = await runFake(['.'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('to this folder: 1 ZooKeeper');
    expect(stdout).not.toContain('cd ');
    expect(filesIn(cwd).get('mesos-cluster.yaml')).toContain('name: here\n');
  });

  it.each([
    [['--yes'], 'mesos-lab'],
    [['--name', 'named'], 'named'],
    [['--spec', '-'], 'in-the-spec'],
  ])('without a folder, %j writes to %s', async (argv, folder) => {
    const cwd = temporaryFolder();
    expect(await runFake(argv, { cwd, stdin: 'name: in-the-spec\n' })).toMatchObject(quiet);
    expect(filesIn(join(cwd, folder)).has('docker-compose.yml')).toBe(true);
  });

  it.each([[[]], [['--no-interactive']], [['--preset', 'ha']]])('needs a folder: %j', async (argv) => {
    const cwd = temporaryFolder();
    const { exitCode, stderr } = await runFake(argv, { cwd });
    expect([exitCode, filesIn(cwd).size]).toEqual([2, 0]);
    expect(stderr).toContain('USAGE_ARGUMENTS: No folder is named');
  });

  it.each([
    ['My Lab', '--name my-lab'],
    ['--weird--', '--name weird'],
    ['ümläut', '--name u-mla-ut'],
    ['🚀', '--name my-lab'],
  ])('refuses the folder %j as a name, and says which name would do', async (folder, fix) => {
    const cwd = temporaryFolder();
    const { exitCode, stderr } = await runFake(['--yes', '--', folder], { cwd });
    expect([exitCode, filesIn(cwd).size]).toEqual([2, 0]);
    expect(stderr).toContain('SPEC_NAME');
    expect(stderr).toContain(fix);
    expect(await runFake([...fix.split(' '), '--yes', '--', folder], { cwd })).toMatchObject(quiet);
  });

  it('reports the problems of the spec at the flags that caused them, and writes nothing', async () => {
    const cwd = temporaryFolder();
    const { exitCode, stderr } = await runFake(['lab', '--masters', '2', '--zookeepers', '4'], { cwd });
    expect([exitCode, filesIn(cwd).size]).toEqual([2, 0]);
    expect(stderr).toContain('--masters: error SPEC_QUORUM');
    expect(stderr).toContain('--zookeepers: error SPEC_QUORUM');
    expect(stderr).toContain('2 problems');
  });

  it('reports what it does not understand together with the problems of the rest, from left to right', async () => {
    const cwd = folderWith({ 'lab/precious.txt': 'mine' });
    const argv = ['lab', '--masters', '2', '--bogus', '--image', 'marathon=A/B', '--agents', '-1', '--zookeepers', '4'];
    const { exitCode, stderr } = await runFake(argv, { cwd });
    expect([exitCode, filesIn(cwd).size]).toEqual([2, 1]);
    expect(stderr.match(/^\S+: error \w+/gm)).toEqual([
      '--masters: error SPEC_QUORUM',
      '--bogus: error USAGE_UNKNOWN_FLAG',
      '--image: error SPEC_IMAGE',
      '--agents: error USAGE_FLAG_VALUE',
      '--zookeepers: error SPEC_QUORUM',
      `${join(cwd, 'lab')}: error LAB_EXISTS`,
    ]);
  });

  it('says nothing of what only follows from a flag that it does not understand', async () => {
    const { stderr } = await runFake(['lab', '--mastres', '3', '--quorum', '2'], { cwd: temporaryFolder() });
    expect(stderr.match(/error \w+/g)).toEqual(['error USAGE_UNKNOWN_FLAG']);
  });

  it('reports the name of the folder, the flags, the file and the folder at once', async () => {
    const cwd = folderWith({ 'Bad Lab/a': '', 'my.yaml': 'name: Bad Name\nunknwon: 1\nports: {marathon: 70000}\n' });
    const named = await runFake(['Bad Lab', '--masters', '2'], { cwd });
    expect(named.stderr.match(/error \w+/g)).toEqual(['error SPEC_NAME', 'error SPEC_QUORUM', 'error LAB_EXISTS']);
    const fromFile = await runFake(['lab', '--spec', 'my.yaml', '--masters', '2'], { cwd });
    expect(fromFile.stderr.match(/^\S+: error \w+/gm)).toEqual([
      '--masters: error SPEC_QUORUM',
      'my.yaml:1:7: error SPEC_NAME',
      'my.yaml:2:1: error SPEC_UNKNOWN_KEY',
      'my.yaml:3:19: error SPEC_PORT',
    ]);
    const both = await runFake(['lab', '--spec', 'my.yaml', '--bogus'], { cwd });
    expect(both.stderr).toContain('4 problems');
  });

  it('shows at most fifty problems, and how many there are', async () => {
    const nodes = Array.from(
      { length: 5000 },
      (_, index) => `  - {name: n${String(index)}, adress: 10.0.0.2, roles: []}\n`,
    );
    const cwd = folderWith({ 'my.yaml': `name: lab\nnodes:\n${nodes.join('')}` });
    const { stderr } = await runFake(['lab', '--spec', 'my.yaml'], { cwd });
    expect(stderr.match(/: error /g)).toHaveLength(50);
    expect(stderr).toMatch(/\nand [\d,]+ more\n\n[\d,]+ problems\n$/);
  });

  it('starts from a spec, keeps its comments, and lets flags win', async () => {
    const cwd = folderWith({
      'my.yaml': '# mine\nname: from-file\npreset: ha # three of each\ncounts:\n  agents: 4\n',
    });
    expect(await runFake(['lab', '--spec', 'my.yaml', '--agents', '5'], { cwd })).toMatchObject(quiet);
    const text = filesIn(join(cwd, 'lab')).get('mesos-cluster.yaml');
    expect(text).toContain('# mine');
    expect(text).toContain('preset: ha # three of each');
    expect(text).toMatch(/^name: from-file$/m);
    expect(text).toContain('agents: 5');
  });

  it('names the line of a mistake in the spec', async () => {
    const cwd = folderWith({ 'my.yaml': 'name: lab\ncounts:\n  mastres: 3\n' });
    const { exitCode, stderr } = await runFake(['lab', '--spec', 'my.yaml'], { cwd });
    expect([exitCode, filesIn(join(cwd, 'lab')).size]).toEqual([2, 0]);
    expect(stderr).toContain('my.yaml:3:3: error SPEC_UNKNOWN_KEY');
  });

  it.each(['missing.yaml', '.', 'folder/../missing'])('says that the spec %s cannot be read', async (file) => {
    const cwd = temporaryFolder();
    const { exitCode, stderr } = await runFake(['lab', '--spec', file], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/SPEC_FILE: The spec cannot be read\n {2}found: {3}(?:there is no such file|a folder)/);
  });

  it('writes nothing with --dry-run, not even the folder', async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout } = await runFake(['lab', '--dry-run'], { cwd });
    expect([exitCode, filesIn(cwd).size]).toEqual([0, 0]);
    expect(stdout).toMatch(/^\+ docker-compose\.yml$/m);
    expect(stdout).not.toContain('+++ b/.mesos-cluster');
  });

  it('shows the tree and the diff with --dry-run, only the diff with --diff, and nothing with --quiet', async () => {
    const cwd = temporaryFolder();
    const shown = async (...flags: readonly string[]) => (await runFake(['lab', ...flags], { cwd })).stdout;
    const [both, diff] = [await shown('--dry-run'), await shown('--diff')];
    expect(both).toMatch(/^\+ package\.json\n\ndiff --git a\/\.gitattributes/m);
    expect(diff).toBe(both.slice(both.indexOf('diff --git')));
    expect(await shown('--dry-run', '--quiet')).toBe('');
    expect(JSON.parse(await shown('--dry-run', '--json'))).toMatchObject({ written: false, diff });
  });

  it('shows every new line with --diff', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await runFake(['lab', '--diff', '--cluster', 'Quite Special'], { cwd });
    expect(filesIn(cwd).size).toBe(0);
    expect(stdout).toMatch(/^\+.*Quite Special/m);
  });

  it('prints what it did as data with --json', async () => {
    const cwd = temporaryFolder();
    const { stdout, stderr } = await runFake(['lab', '--json'], { cwd });
    expect(stderr).toBe('');
    const data = JSON.parse(stdout);
    expect(data).toMatchObject({ directory: join(cwd, 'lab'), written: true, warnings: [] });
    expect(data.files).toContainEqual({ path: 'docker-compose.yml', change: 'create' });
  });

  it('prints nothing with --quiet', async () => {
    expect(await runFake(['lab', '--quiet'], { cwd: temporaryFolder() })).toMatchObject({ ...quiet, stdout: '' });
  });

  it('lists warnings on standard error', async () => {
    const argv = [
      'lab',
      '--vagrant',
      'virtualbox',
      '--node',
      'name=n1,address=10.1.1.11,roles=zookeeper+mesos-master+mesos-agent+marathon',
    ];
    const { stdout, stderr, exitCode } = await runFake(argv, { cwd: temporaryFolder() });
    // VirtualBox allows 192.168.56.0/21 unless it is told otherwise: a warning or an error, at the flag.
    expect(stderr).toMatch(/^--node: (?:warning|error) SPEC_ADDRESS/);
    expect(stdout === '').toBe(exitCode !== 0);
  });

  it('refuses a folder that is not empty, unless forced', async () => {
    const cwd = folderWith({ 'lab/precious.txt': 'mine' });
    const { exitCode, stderr } = await runFake(['lab'], { cwd });
    expect([exitCode, filesIn(cwd).size]).toEqual([2, 1]);
    expect(stderr).toContain('LAB_EXISTS');
    expect(await runFake(['lab', '--force'], { cwd })).toMatchObject(quiet);
    expect(filesIn(cwd).get('lab/precious.txt')).toBe('mine');
  });

  it('names the files that --force replaces, before and after', async () => {
    const cwd = folderWith({
      'lab/package.json': '{}',
      'lab/README.md': 'mine',
      'lab/mesos-cluster.yaml': 'name: old',
    });
    const shown = await runFake(['lab', '--force', '--dry-run'], { cwd });
    expect(shown.stdout).toMatch(/^~ README\.md {2}\(not as this tool wrote it\)$/m);
    expect(shown.stdout).toMatch(/^-mine$/m);
    const { stdout } = await runFake(['lab', '--force'], { cwd });
    expect(stdout).toMatch(/^Replaced what was there: README\.md, mesos-cluster\.yaml, package\.json\.$/m);
  });

  it('writes a link to a folder, and through it', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'real'));
    symlinkSync('real', join(cwd, 'linked'));
    expect(await runFake(['linked'], { cwd })).toMatchObject(quiet);
    expect(filesIn(join(cwd, 'real')).has('mesos-cluster.yaml')).toBe(true);
  });

  it.each([
    [{}, { stdin: true, stdout: true }],
    [{}, { stdout: true, stderr: true }],
    [{}, { stdin: true, stderr: true }],
    [{ CI: '1' }, { stdin: true, stdout: true, stderr: true }],
    [{ CI: 'true' }, { stdin: true, stdout: true, stderr: true }],
  ])('asks nothing in the environment %j on the terminals %j', async (env, terminals) => {
    expect(await runFake(['lab'], { cwd: temporaryFolder(), env, terminals })).toMatchObject(quiet);
  });

  it('writes the same bytes for the same flags, but for a password', async () => {
    const cwd = temporaryFolder();
    const toolFolder = fakeToolFolder();
    for (const parent of ['a', 'b']) {
      mkdirSync(join(cwd, parent));
      await runFake(['lab', '--preset', 'ha', '--addon', 'registry'], { cwd: join(cwd, parent), toolFolder });
    }
    const of = (parent: string) => filesButPasswords(join(cwd, parent));
    expect(of('a')).toEqual(of('b'));
    expect(filesIn(join(cwd, 'a'))).not.toEqual(filesIn(join(cwd, 'b')));
  });
});

describe('--runtime, as --placement was called', () => {
  const node = 'name=n1,address=192.168.59.11,roles=zookeeper+mesos-master+mesos-agent+marathon';

  it('is read, with a warning that names the new one', async () => {
    const cwd = temporaryFolder();
    const old = await runFake(['old', '--runtime', 'hosts', '--node', node, '--name', 'lab'], { cwd });
    expect(old).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('--placement machines') as string });
    const now = await runFake(['now', '--placement', 'machines', '--node', node, '--name', 'lab'], { cwd });
    expect(now.stderr).toBe('');
    expect(filesIn(join(cwd, 'old'))).toEqual(filesIn(join(cwd, 'now')));
    expect(readFileSync(join(cwd, 'old', 'mesos-cluster.yaml'), 'utf8')).toContain('placement: machines');
  });

  it('becomes the key of today in a spec that is taken over', async () => {
    const cwd = folderWith({ 'old.yaml': 'name: lab\nruntime: docker # here\n' });
    const { exitCode, stderr } = await runFake(['lab', '--spec', 'old.yaml'], { cwd });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('old.yaml:2:1')]);
    expect(readFileSync(join(cwd, 'lab', 'mesos-cluster.yaml'), 'utf8')).toContain('placement: one-host # here');
  });
});

describe('generate', () => {
  async function newLab(): Promise<{ readonly cwd: string; readonly toolFolder: string }> {
    const [parent, toolFolder] = [temporaryFolder(), fakeToolFolder()];
    await runFake(['lab'], { cwd: parent, toolFolder });
    return { cwd: join(parent, 'lab'), toolFolder };
  }

  it('changes nothing in a lab that is as it should be', async () => {
    const world = await newLab();
    const before = filesIn(world.cwd);
    const result = await runFake(['generate'], world);
    expect(result).toMatchObject({
      ...quiet,
      stdout: 'Nothing to do in this folder: every file is as mesos-cluster.yaml says.\n',
    });
    expect(filesIn(world.cwd)).toEqual(before);
  });

  it('writes the name of today over the one of before, says so, and keeps comments', async () => {
    const world = await newLab();
    const spec = join(world.cwd, 'mesos-cluster.yaml');
    writeFileSync(spec, 'name: lab # mine\n\nruntime: docker # one machine\n');
    const result = await runFake(['generate'], world);
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('placement: one-host') as string });
    expect(result.stderr).toMatch(/mesos-cluster.yaml:3:1/);
    expect(readFileSync(spec, 'utf8')).toBe('name: lab # mine\n\nplacement: one-host # one machine\n');
    expect(await runFake(['generate'], world)).toMatchObject(quiet);
  });

  it('changes nothing with the copy of the tool that the lab has', async () => {
    const { cwd } = await newLab();
    const before = filesIn(cwd);
    const result = await runFake(['generate'], { cwd, toolFolder: join(cwd, '.mesos-cluster/tool') });
    expect(result.stdout).toMatch(/^Nothing to do/);
    expect(filesIn(cwd)).toEqual(before);
  });

  it('says that the copy of the tool is new when it is', async () => {
    const { cwd } = await newLab();
    const toolFolder = fakeToolFolder();
    writeFileSync(join(toolFolder, 'create-mesos-cluster.cjs'), '// newer\n');
    const mark = textFingerprint('// newer\n');
    const list = JSON.parse(readFileSync(join(toolFolder, 'files.json'), 'utf8')) as Record<string, string>;
    writeFileSync(join(toolFolder, 'files.json'), JSON.stringify({ ...list, 'create-mesos-cluster.cjs': mark }));
    const { stdout } = await runFake(['generate'], { cwd, toolFolder });
    expect(stdout).toBe('Brought the copy of create-mesos-cluster in .mesos-cluster up to date.\n');
  });

  it('leaves the launcher of a clone alone, and copies no tool beside it', async () => {
    const { cwd, toolFolder } = await newLab();
    const tool = join(cwd, '.mesos-cluster/tool');
    writeFileSync(join(tool, 'create-mesos-cluster.cjs'), `${launcherMark} */\n`);
    for (const flags of [[], ['--force'], []]) {
      expect(await runFake(['generate', ...flags], { cwd, toolFolder })).toMatchObject(quiet);
      expect([...filesIn(tool)]).toEqual([['create-mesos-cluster.cjs', `${launcherMark} */\n`]]);
    }
    expect((await runFake(['generate'], { cwd, toolFolder })).stdout).toMatch(/^Nothing to do/);
  });

  it('follows the spec, and names what it changed', async () => {
    const world = await newLab();
    const spec = join(world.cwd, 'mesos-cluster.yaml');
    const text = `${readFileSync(spec, 'utf8')}# by hand\ntiming: fast\n`;
    writeFileSync(spec, text);
    const { exitCode, stdout } = await runFake(['generate', '--lab', 'lab'], { ...world, cwd: join(world.cwd, '..') });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^updated docker-compose\.yml$/m);
    expect(stdout).not.toContain('copy of create-mesos-cluster');
    expect(readFileSync(spec, 'utf8')).toBe(text);
  });

  it('refuses to overwrite what was edited by hand, shows it, and can be forced', async () => {
    const world = await newLab();
    const file = join(world.cwd, 'docker-compose.yml');
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, `${original}# mine\n`);
    const refused = await runFake(['generate'], world);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('LAB_EDITED') });
    const shown = await runFake(['generate', '--diff'], world);
    expect(shown).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('warning LAB_EDITED') });
    expect(shown.stdout).toContain('-# mine');
    expect(readFileSync(file, 'utf8')).toBe(`${original}# mine\n`);
    expect(await runFake(['generate', '--force'], world)).toMatchObject({
      ...quiet,
      stdout: 'updated docker-compose.yml\n',
    });
    expect(readFileSync(file, 'utf8')).toBe(original);
  });

  it('says where a lab is missing', async () => {
    const { exitCode, stderr } = await runFake(['generate'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('USAGE_NOT_A_LAB: the current folder is not a lab');
  });

  it('says which line of the spec is wrong', async () => {
    const world = await newLab();
    writeFileSync(join(world.cwd, 'mesos-cluster.yaml'), 'name: lab\nbnid: 127.0.0.1\n');
    const { exitCode, stderr } = await runFake(['generate'], world);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('mesos-cluster.yaml:2:1: error SPEC_UNKNOWN_KEY');
  });

  it.runIf(process.getuid?.() !== 0)('says that the folder cannot be written', async () => {
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o555);
    expect(await runFake(['lab'], { cwd })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('MACHINE_NOT_WRITABLE'),
    });
  });
});
