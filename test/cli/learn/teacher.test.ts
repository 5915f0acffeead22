import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../platform/processes/run-command.ts';
import { asPrograms, engines } from '../../runtimes/docker/preflight/docker-answers.ts';
import { fakeToolFolder, filesIn, folderWith, runFake, temporaryFolder } from '../fake-context.ts';
import { handedIn, lessonReport, report } from '../../lessons/report/reports.ts';

const lesson = (right: string) => `title: A first app
minutes: 10
checks:
  - title: The app runs
    look: [{ app: { id: /learn/hello, running: 1 } }]
    hints: [Deploy it.]
    solution: [{ deploy: solution/hello.json }]
  - { title: You know it, look: [{ answer: { question: What?, right: ${right} } }] }
`;
const secret = 'q7-only-the-teacher-knows';
const lessons = {
  'lessons/01-hello/lesson.yaml': lesson(secret),
  'lessons/01-hello/lesson.md': 'Text\n',
  'lessons/01-hello/solution/hello.json': `{ "id": "/learn/hello", "cmd": "${secret}" }`,
};
const progress = {
  format: 1,
  started: {
    '01-hello': {
      ...{ title: 'A first app', startedAt: '2026-11-30T09:00:00.000Z', resets: 0, checkCount: 2 },
      baseline: { at: 0, leaders: {}, metrics: {} },
      checks: { 'the-app-runs': { attempts: 2, hints: 1, passedAt: '2026-11-30T09:05:00.000Z' } },
    },
  },
};
let cwd: string;
const learn = (...words: readonly string[]) => runFake(['learn', ...words], { cwd, runCommand });

beforeEach(() => {
  cwd = folderWith({
    'mesos-cluster.yaml': 'name: lab\n',
    '.mesos-cluster/learn.json': JSON.stringify(progress),
    ...lessons,
  });
});

describe('learn report', () => {
  it('says in a table what was done, and keeps the name that was given', async () => {
    const first = await learn('report', '--lessons', 'lessons', '--learner', ' Ada ');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toBe(`Ada: 0 of 1 lessons passed
NO  LESSON       REACHED          ATTEMPTS  TOOK
1   A first app  1 of 2 (1 hint)  2
For your teacher: npm run --silent learn -- report --json > NAME.json
`);
    const second = await learn('report', '--lessons', 'lessons', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ format: 1, learner: 'Ada', lab: 'lab', version: '1.2.3' });
  });

  it('has a name also of somebody who gave none, and does not keep that', async () => {
    const { stdout } = await learn('report', '--lessons', 'lessons', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ learner: expect.stringMatching(/^.+@.+$/) });
    expect(readFileSync(join(cwd, '.mesos-cluster/learn.json'), 'utf8')).not.toContain('"learner"');
  });

  it('writes JUnit and a page', async () => {
    await learn('report', '--lessons', 'lessons', '--learner', 'Ada', '--junit', 'a.xml', '--html', 'a.html');
    expect(readFileSync(join(cwd, 'a.xml'), 'utf8')).toContain('tests="2" failures="1"');
    expect(readFileSync(join(cwd, 'a.html'), 'utf8')).toContain('Lessons of Ada');
  });

  it('refuses a name that is none, and flags that are for others', async () => {
    const bad = await learn('report', '--lessons', 'lessons', '--learner', 'a\u001b[2J');
    expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('USAGE_FLAG_VALUE') });
    const other = await learn('check', '--csv', 'x', '--without-answers');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('learn check does not take --csv');
    expect(other.stderr).toContain('learn check does not take --without-answers');
    const list = await learn('--html', 'x');
    expect(list.stderr).toContain('learn does not take --html');
    const schema = await learn('schema', '--lessons', 'lessons', '--timeout', '5');
    expect(schema.stderr).toContain('learn schema does not take --lessons');
    expect(schema.stderr).toContain('learn schema does not take --timeout');
  });
});

describe('learn grade', () => {
  beforeEach(() => {
    mkdirSync(join(cwd, 'room'));
    for (let index = 0; index < 30; index++) {
      const learner = `Learner ${String(index).padStart(2, '0')}`;
      const what = report(learner, lessonReport('01-x', index % 3), lessonReport('02-x', undefined));
      writeFileSync(join(cwd, `room/${index}.json`), handedIn('', what).bytes);
    }
  });

  it('makes a table of a folder of thirty', async () => {
    const graded = await learn('grade', 'room', '--csv', 'room.csv', '--html', 'room.html');
    expect(graded).toMatchObject({ exitCode: 0, stderr: '' });
    expect(graded.stdout).toContain(
      'LEARNER     1    2  PASSED  REACHED  HINTS  SOLVED\nLearner 02  ok   -  1       2        0      0\n',
    );
    expect(graded.stdout).toContain('passed by   10   0\n');
    expect(readFileSync(join(cwd, 'room.csv'), 'utf8').split('\r\n')).toHaveLength(32);
    expect(readFileSync(join(cwd, 'room.html'), 'utf8')).toContain('A room of 30');
  });

  it('grades the good ones, names all others, and ends with 6', async () => {
    writeFileSync(join(cwd, 'room/3.json'), '{');
    writeFileSync(join(cwd, 'room/4.json'), handedIn('', report('Learner 04', lessonReport('09-y', 1))).bytes);
    const graded = await learn('grade', 'room', 'nowhere.json', '--json');
    expect(graded.exitCode).toBe(6);
    const room = JSON.parse(graded.stdout) as {
      readonly rows: readonly unknown[];
      readonly problems: readonly unknown[];
    };
    expect([room.rows.length, room.problems.length]).toEqual([28, 3]);
    expect(graded.stderr).toContain('room/3.json: not graded LEARN_REPORT: This is no report: it is not JSON');
    expect(graded.stderr).toContain('room/4.json: not graded LEARN_REPORT: The report is of another course');
    expect(graded.stderr).toContain('nowhere.json: not graded LEARN_REPORT: There is no such file');
  });

  it('writes nothing when nothing can be graded', async () => {
    mkdirSync(join(cwd, 'empty'));
    const graded = await learn('grade', 'empty', 'mesos-cluster.yaml', '--csv', 'room.csv');
    expect(graded).toMatchObject({ exitCode: 2, stdout: '' });
    expect(graded.stderr).toContain('There is no report in this folder');
    expect(graded.stderr).toContain('2 problems');
    expect(readdirSync(cwd)).not.toContain('room.csv');
    expect((await learn('grade')).stderr).toContain('learn grade needs reports');
  });
});

describe('learn export', () => {
  const bundle = () => join(temporaryFolder(), 'ws');

  it('writes a lab with the course in its program, and nothing of who works here', async () => {
    writeFileSync(join(cwd, 'secret.txt'), 'no');
    mkdirSync(join(cwd, 'apps'));
    writeFileSync(join(cwd, 'apps/shop.json'), '{"id":"/shop"}');
    const to = bundle();
    const made = await learn('export', to, '--lessons', 'lessons');
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    const files = filesIn(to);
    const list = [...files.keys()];
    expect(list).toEqual(
      expect.arrayContaining(['START.md', 'apps/shop.json', 'docker-compose.yml', 'mesos-cluster.yaml']),
    );
    expect(list.filter((path) => /learn\.json|secret|^lessons/.test(path))).toEqual([]);
    const course = JSON.parse(files.get('.mesos-cluster/tool/course.json') ?? '') as Readonly<Record<string, string>>;
    expect(course['01-hello/lesson.yaml']).toBe(lesson(secret));
    expect(files.get('START.md')).toContain('npm run up -- --runtime embedded');
    // Its own files agree with each other: generating them again changes nothing.
    const again = await runFake(['generate'], { cwd: to, toolFolder: join(to, '.mesos-cluster/tool') });
    expect(again.stdout).toContain('Nothing to do');
  });

  it('without answers has none in any of its bytes, packed too', async () => {
    const to = `${bundle()}.tar.gz`;
    const made = await learn('export', to, '--lessons', 'lessons', '--without-answers');
    expect(made, made.stderr).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 lesson, without answers'),
    });
    const out = temporaryFolder();
    const signal = new AbortController().signal;
    await runCommand('tar', ['-xzf', to, '-C', out], { cwd: out, stdio: 'capture', signal });
    const files = filesIn(join(out, 'ws'));
    expect(files.size).toBeGreaterThan(8);
    expect([...files].filter(([path, text]) => path.includes(secret) || text.includes(secret))).toEqual([]);
    expect(files.get('.mesos-cluster/tool/course.json')).toContain('right: sha256:');
  });

  it('takes a file with images along', async () => {
    writeFileSync(join(cwd, 'lab.tar.gz'), 'images');
    const to = bundle();
    await learn('export', to, '--images', 'lab.tar.gz');
    expect(filesIn(to).get('images.tar.gz')).toBe('images');
    expect(filesIn(to).get('START.md')).toContain('npm run images -- load images.tar.gz');
  });

  it('makes no bundle when the images that are to be saved are not here', async () => {
    const programs = asPrograms(engines['Engine 26.1 on Debian 12']);
    const { exitCode, stderr } = await runFake(['learn', 'export', 'x', '--images', 'new.tar.gz'], { cwd, programs });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('IMAGE_NOT_AVAILABLE')]);
    expect(readdirSync(cwd).sort()).toEqual(['.mesos-cluster', 'lessons', 'mesos-cluster.yaml']);
  });

  it('says which edits the bundle does not have', async () => {
    await runFake(['generate'], { cwd, toolFolder: fakeToolFolder() });
    writeFileSync(join(cwd, 'docker-compose.yml'), 'edited: true\n');
    const to = bundle();
    const { exitCode, stderr } = await learn('export', to);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('docker-compose.yml: warning LAB_EDITED')]);
    expect(filesIn(to).get('docker-compose.yml')).not.toContain('edited');
  });

  it('leaves what is there, and nothing when it fails', async () => {
    const there = await learn('export', 'lessons');
    expect(there).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('something of this name already') });
    expect((await learn('export')).stderr).toContain('learn export needs a name');
    expect((await learn('export', 'x', '--images', 'lessons')).stderr).toContain('this is a folder');
    const noTar = await runFake(['learn', 'export', 'x.tar.gz'], { cwd });
    expect(noTar).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('no program tar') });
    expect(readdirSync(cwd).sort()).toEqual(['.mesos-cluster', 'lessons', 'mesos-cluster.yaml']);
  });
});
