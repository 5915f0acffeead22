import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { temporaryFolder } from '../cli/fake-context.ts';
import { runBuilt } from '../end-to-end/built-program.ts';
import { processesOf } from '../end-to-end/lab-process.ts';

// Root, util-linux and iproute2: a network of its own, in which there is nothing but loopback.
const noNetwork = ['unshare', '--net', 'ip', 'link', 'set', 'lo', 'up'] as const;

const lesson = `title: A first app
minutes: 10
needs: { agents: 1 }
checks:
  - title: The app runs
    look: [{ app: { id: /learn/hello, running: 1 } }]
    hints: [Deploy it.]
    solution: [{ deploy: solution/hello.json }, { app: { id: /learn/hello, running: 1 } }]
  - title: You know who keeps it running
    look: [{ answer: { question: Who starts it again?, choices: [an agent, Marathon], right: Marathon } }]
    hints: [Ask around.]
`;
const app = { id: '/learn/hello', cmd: 'sleep 10000', cpus: 0.1, mem: 16 };

describe.skipIf(!requireTool('unshare', noNetwork))('a bundle for students, on a machine without a network', () => {
  let holder: ChildProcess;
  beforeEach(async () => {
    holder = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && echo ready && exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      holder.stdout?.once('data', () => {
        resolve();
      });
      holder.once('exit', (code) => {
        reject(new Error(`no network namespace: exit code ${String(code)}`));
      });
    });
  });
  afterEach(() => {
    holder.kill();
  });

  it('starts, teaches, reports and ends; what is right only the teacher knows', { timeout: 180_000 }, () => {
    const teacher = temporaryFolder();
    const solution = join(teacher, 'lessons/01-hello/solution');
    mkdirSync(solution, { recursive: true });
    writeFileSync(join(solution, 'hello.json'), JSON.stringify(app));
    writeFileSync(join(teacher, 'lessons/01-hello/lesson.yaml'), lesson);
    writeFileSync(join(teacher, 'lessons/01-hello/lesson.md'), 'Deploy an app.\n');
    const made = runBuilt(teacher, ['lab', '--yes', '--timing', 'fast']);
    expect(made.status, made.stderr).toBe(0);
    const bundle = ['learn', 'export', 'ws.tar.gz', '--lab', 'lab', '--lessons', 'lessons', '--without-answers'];
    const exported = runBuilt(teacher, bundle);
    expect(exported.status, exported.stderr).toBe(0);

    const student = temporaryFolder();
    expect(spawnSync('tar', ['-xzf', join(teacher, 'ws.tar.gz'), '-C', student]).status).toBe(0);
    const lab = join(student, 'ws');
    const npm = (...words: readonly string[]) => {
      const inside = ['-t', String(holder.pid), '-n', 'npm', 'run', '-s', ...words];
      const path = [dirname(process.execPath), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
      const env = { PATH: path, HOME: student, XDG_STATE_HOME: join(student, 'state') };
      return spawnSync('nsenter', inside, { cwd: lab, env, encoding: 'utf8', timeout: 150_000 });
    };
    const learn = (...words: readonly string[]) => npm('learn', '--', ...words);
    const devices = spawnSync('nsenter', ['-t', String(holder.pid), '-n', 'ip', '-o', 'link'], { encoding: 'utf8' });
    expect(devices.stdout.trim().split('\n')).toEqual([expect.stringContaining('lo:')]);

    const up = npm('up', '--', '--runtime', 'embedded');
    expect(up.status, up.stderr).toBe(0);
    try {
      expect(learn().stdout).toContain('A first app');
      const started = learn('start', '1');
      expect(started.stdout, started.stderr).toContain('Deploy an app.');
      expect(learn('check').status).toBe(6);
      const refused = learn('solve');
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('LESSON_WITHOUT_ANSWERS')]);
      writeFileSync(join(lab, 'hello.json'), JSON.stringify(app));
      const deployed = npm('deploy', '--', 'hello.json', '--wait');
      expect(deployed.status, deployed.stderr).toBe(0);
      expect(learn('check').stdout).toContain('✓ The app runs');
      expect(learn('answer', 'a').status).toBe(6);
      expect(learn('answer', 'b').status).toBe(0);
      const report = learn('report', '--learner', 'Ada', '--json', '--html', 'ada.html');
      expect(JSON.parse(report.stdout)).toMatchObject({
        ...{ format: 1, learner: 'Ada' },
        lessons: [{ lesson: '01-hello', passedAt: expect.any(String), checks: [{ solved: false }, { attempts: 2 }] }],
      });
      expect(readFileSync(join(lab, 'ada.html'), 'utf8')).toContain('1 of 1 lessons passed');
      writeFileSync(join(teacher, 'ada.json'), report.stdout);
      expect(runBuilt(teacher, ['learn', 'grade', 'ada.json', '--lessons', 'lessons']).stdout).toMatch(/Ada +ok /);
    } finally {
      const down = npm('down');
      expect(down.status, down.stderr).toBe(0);
    }
    expect(processesOf(lab)).toEqual([]);
  });
});
