import fc from 'fast-check';
import { expect, test } from 'vitest';
import { courseFiles } from '../../../lessons/export/course-files.ts';
import type { LessonWorld } from '../../../lessons/lesson-world.ts';
import { lookAtAnswer } from '../../../lessons/looks/look-at-answer.ts';
import { ownCourse, type Course } from '../../../lessons/source/course.ts';
import { lessonsIn } from '../../../lessons/source/read-course.ts';
import { trials } from '../../support/trials.ts';

const numRuns = trials('PROPERTY_RUNS', { usual: 40, thorough: 300 });

/** A course of files by their paths, `01-a/lesson.yaml`. */
function courseOf(files: Readonly<Record<string, string | Uint8Array>>): Course {
  const folders = [...new Set(Object.keys(files).map((path) => path.slice(0, path.indexOf('/'))))].sort();
  return {
    ...{ name: 'lessons', folders },
    filesIn: (folder) =>
      Object.keys(files).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [])),
    read: (folder, path) => {
      const content = files[`${folder}/${path}`];
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
  };
}

function filesOf(course: Course, hidden: boolean): Readonly<Record<string, string>> {
  const found = courseFiles(course, hidden);
  if (found.kind === 'problems') throw new Error(JSON.stringify(found.problems));
  const { 'lesson.schema.json': schema, ...files } = found.files;
  expect(schema).toContain('"title"');
  return files;
}

const lessonsOf = (files: Readonly<Record<string, string>>) =>
  lessonsIn(courseOf(files)).map((found) => {
    if (found.kind === 'problems') throw new Error(JSON.stringify(found.problems));
    return found.lesson;
  });

const app = (id: string, word: string) =>
  `{ id: /learn/${id}, cmd: sleep 1000, cpus: 0.1, mem: 16, env: { W: ${word} } }`;

/** What a check is like; each has a secret in its own way, and something that students need. */
const checkKinds = {
  steps: (secret: string, shown: string, n: number) => ({
    yaml: `  - title: Check ${n}
    # ${secret}
    look: [{ app: { id: /learn/a${n}, running: 1 } }]
    hints: ["${shown}"]
    solution:
      - deploy: ${app(`a${n}`, secret)}
`,
    files: {},
  }),
  file: (secret: string, shown: string, n: number) => ({
    yaml: `  - title: Check ${n}
    look: [{ app: { id: /learn/a${n}, has: { env: { W: ${shown} } } } }]
    hints: [h]
    solution: [{ deploy: solution/${n}.json }, { run: { file: solution/${n}.js } }]
`,
    files: {
      [`solution/${n}.json`]: `{ "id": "/learn/a${n}", "env": { "W": "${secret}" } }`,
      [`solution/${n}.js`]: `// ${secret}\n`,
    },
  }),
  elsewhere: (secret: string, shown: string, n: number) => ({
    yaml: `  - title: Check ${n}
    look: [{ app: { id: /learn/a${n} } }]
    hints: ["${shown}"]
    solution: [{ deploy: teacher/${n}.json }]
`,
    files: { [`teacher/${n}.json`]: `{ "id": "/learn/a${n}", "env": { "W": "${secret}" } }`, 'notes.txt': secret },
  }),
  word: (secret: string, shown: string, n: number) => ({
    yaml: `  - title: Check ${n}
    look: [{ answer: { question: "What is ${shown}?", right: "${secret}" } }] # ${secret}
`,
    files: {},
  }),
};

const course = fc
  .record({
    kinds: fc.array(fc.constantFrom(...(Object.keys(checkKinds) as (keyof typeof checkKinds)[])), {
      minLength: 1,
      maxLength: 6,
    }),
    hex: fc.stringMatching(/^[0-9a-f]{12}$/),
  })
  .map(({ kinds, hex }) => {
    const secrets = kinds.map((_, n) => `secret${n}x${hex}`);
    const shown = [
      ...kinds.map((_, n) => `shown${n}x${hex}`),
      `text-${hex}`,
      `given-${hex}`,
      `begun-${hex}`,
      `new-${hex}`,
    ];
    const checks = kinds.map((kind, n) => checkKinds[kind](secrets[n] ?? '', shown[n] ?? '', n));
    const inside = Object.fromEntries(checks.flatMap(({ files }) => Object.entries(files)));
    const files = {
      'lesson.yaml': `# ${secrets.join(' ')}
title: A lesson
minutes: 5
setup:
  - deploy: solution/begun.json
  - new-version: { file: solution/new.json, strategy: rolling }
checks:
${checks.map(({ yaml }) => yaml).join('')}`,
      'lesson.md': `text-${hex}\n`,
      'files/given.json': `{ "id": "/learn/given", "env": { "W": "given-${hex}" } }`,
      'solution/begun.json': `{ "id": "/learn/begun", "env": { "W": "begun-${hex}" } }`,
      'solution/new.json': `{ "id": "/learn/begun", "env": { "W": "new-${hex}" } }`,
      ...inside,
    };
    return {
      secrets,
      shown,
      files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`01-a/${path}`, text])),
    };
  });

test('without answers no file says what is right, and all that students need is there', () => {
  fc.assert(
    fc.property(course, ({ secrets, shown, files }) => {
      const kept = filesOf(courseOf(files), true);
      const bytes = JSON.stringify(kept);
      expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
      expect(shown.filter((word) => !bytes.includes(word))).toEqual([]);
      const [lesson] = lessonsOf(kept);
      expect(lesson?.withoutAnswers).toBe(true);
      expect(lesson?.checks.every(({ solution }) => solution.length === 0)).toBe(true);
      expect(lesson?.checks.map(({ id }) => id)).toEqual(lessonsOf(files)[0]?.checks.map(({ id }) => id));
      expect(filesOf(courseOf(kept), true)).toEqual(kept);
    }),
    { numRuns },
  );
});

test('with answers every file is as it was', () => {
  fc.assert(
    fc.property(course, ({ files }) => {
      expect(filesOf(courseOf(files), false)).toEqual(files);
    }),
    { numRuns },
  );
});

test('a hidden answer still tells right from wrong, also of choices', async () => {
  const files = {
    '01-a/lesson.md': 'Text\n',
    '01-a/lesson.yaml': `title: A
minutes: 5
checks:
  - { title: One, look: [{ answer: { question: Which?, choices: [a master, an agent], right: an agent } }] }
  - { title: Two, look: [{ answer: { question: How many?, right: Forty-Two } }] }
`,
  };
  const kept = filesOf(courseOf(files), true);
  expect(kept['01-a/lesson.yaml']?.match(/right: sha256:[0-9a-f]{64}/g)).toHaveLength(2);
  expect(kept['01-a/lesson.yaml']).toContain('- an agent');
  const answers = lessonsOf(kept)[0]?.checks.map(({ looks: [look] }) => look);
  const ok = async (index: number, given: string) => {
    const look = answers?.[index];
    if (look?.kind !== 'answer') throw new Error('no question');
    return (await lookAtAnswer({ given } as LessonWorld, look.value)).ok;
  };
  expect([await ok(0, 'a'), await ok(0, 'b'), await ok(0, 'An agent')]).toEqual([false, true, true]);
  expect([await ok(1, '42'), await ok(1, ' forty-two')]).toEqual([false, true]);
});

test('the course of the program loses its solutions, and stays a course', () => {
  const files = filesOf(ownCourse(), true);
  const whole = filesOf(ownCourse(), false);
  expect(Object.keys(whole).some((path) => path.includes('/solution/'))).toBe(true);
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith('lesson.yaml')) expect(text, path).not.toMatch(/^\s+(?:- )?solution:|right: (?!sha256:)/m);
  }
  expect(lessonsOf(files).map(({ name, checks }) => [name, checks.map(({ id }) => id)])).toEqual(
    lessonsOf(whole).map(({ name, checks }) => [name, checks.map(({ id }) => id)]),
  );
});

test('files that are no text are all named', () => {
  const found = courseFiles(
    courseOf({
      '01-a/lesson.yaml': 'title: A',
      '01-a/files/a.png': new Uint8Array([0x89, 0x50, 0xff]),
      '02-b/files/b.bin': new Uint8Array([0xc0]),
    }),
    true,
  );
  expect(found).toMatchObject({
    kind: 'problems',
    problems: [
      { code: 'LESSON_FILE', place: { path: 'lessons/01-a/files/a.png' } },
      { code: 'LESSON_FILE', place: { path: 'lessons/02-b/files/b.bin' } },
    ],
  });
});
