import { readdirSync, readFileSync, existsSync } from 'node:fs';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { drills } from '../../../checks/drills/drills.ts';
import type { Problem } from '../../../errors/user-error.ts';
import { drillNames } from '../../../planning/catalogue/drill-names.ts';
import { lessonJsonSchema } from '../../../planning/lesson/lesson-json-schema.ts';
import { readLesson } from '../../../planning/lesson/read-lesson.ts';

const read = (text: string, files: Readonly<Record<string, string>> = {}) =>
  readLesson(new TextEncoder().encode(text), 'lesson.yaml', (path) =>
    Object.hasOwn(files, path) ? files[path] : undefined,
  );

function problemsOf(text: string, files?: Readonly<Record<string, string>>): readonly Problem[] {
  const result = read(text, files);
  return result.kind === 'problems' ? result.problems : [];
}

/** `LINE:COLUMN CODE message`, then the fix. */
const shown = (problems: readonly Problem[]) =>
  problems.map(({ code, message, place, fix = '' }) => {
    const where = place?.kind === 'file' ? `${place.line}:${place.column}` : '';
    return [`${where} ${code} ${message}`, fix];
  });

const lessonWith = (look: string) => `title: A
minutes: 5
checks:
  - title: T
    look: [${look}]
    hints: [h]
    solution: [{ remove: /learn/a }]
`;

const course = readdirSync('course');

describe.each(course)('the lesson %s', (name) => {
  const text = readFileSync(`course/${name}/lesson.yaml`, 'utf8');

  test('has no problems', () => {
    const result = readLesson(new TextEncoder().encode(text), 'lesson.yaml', (path) =>
      existsSync(`course/${name}/${path}`) ? readFileSync(`course/${name}/${path}`, 'utf8') : undefined,
    );
    expect(result.kind === 'problems' ? shown(result.problems) : []).toEqual([]);
  });

  test('is what the JSON Schema for editors allows', () => {
    const validate = new Ajv({ strict: false }).compile(lessonJsonSchema());
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

test('all mistakes come at once, with their lines and what to do', () => {
  const problems = problemsOf(
    `title: 5
minuts: 10
needs: { preset: singel }
setup:
  - deploy: files/missing.json
  - deploy: files/outside.json
  - scale: { app: /nginx, instances: -1 }
checks:
  - title: One
    look:
      - app: { id: /learn/a, healty: 2 }
        queue: { app: /learn/a }
      - kill: agent1
    hints: []
    solution: [{}]
  - title: One
    look: [{ answer: { question: Q, choices: [a, b], right: c } }]
    solution: [{ remove: /learn/a }]
  - title: Three
    look: [{ metric: { name: m } }, { request: { path: / } }]
    hints: [h]
    solution: [{ kill: agent-of /web }]
`,
    { 'files/outside.json': '{"id": "web", "apps": [{"id": "api"}]}' },
  );
  expect(shown(problems)).toMatchInlineSnapshot(`
    [
      [
        "1:1 LESSON_TYPE minutes is missing",
        "Add \`minutes:\` with a whole number",
      ],
      [
        "1:8 LESSON_TYPE title is not text",
        "Put it in quotes: "5"",
      ],
      [
        "2:1 LESSON_UNKNOWN_KEY The lesson has no key "minuts"",
        "Did you mean minutes?",
      ],
      [
        "3:18 LESSON_TYPE needs.preset is not one of the words it can be",
        "Did you mean single?",
      ],
      [
        "5:13 LESSON_FILE There is no file files/missing.json in the folder of the lesson",
        "Write it, or correct the name",
      ],
      [
        "6:13 LESSON_RULE files/outside.json: A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/web",
      ],
      [
        "6:13 LESSON_RULE files/outside.json: A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/web/api",
      ],
      [
        "7:19 LESSON_RULE A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/nginx",
      ],
      [
        "7:38 LESSON_TYPE setup[2].scale.instances is not a whole number, at least 0",
        "Write a whole number, at least 0",
      ],
      [
        "11:30 LESSON_UNKNOWN_KEY checks[0].look[0].app has no key "healty"",
        "Did you mean healthy?",
      ],
      [
        "12:9 LESSON_RULE A step is one thing, and this one is app and queue",
        "Put queue behind a dash of its own",
      ],
      [
        "13:9 LESSON_UNKNOWN_KEY checks[0].look[1] has no key "kill"",
        "It belongs elsewhere: setup[0].kill",
      ],
      [
        "14:12 LESSON_RULE The check "One" has no hints",
        "Add \`hints:\` with one sentence at least that says where to look",
      ],
      [
        "15:16 LESSON_RULE A step does nothing",
        "Write what it does, or remove it",
      ],
      [
        "16:12 LESSON_RULE Two checks have the same title",
        "Say what is different about this one",
      ],
      [
        "17:61 LESSON_RULE What is right is none of the choices",
        "Write it as one of the choices is written",
      ],
      [
        "18:5 LESSON_RULE The solution of a question is its answer",
        "Remove it",
      ],
      [
        "20:22 LESSON_RULE A metric is compared with nothing",
        "Add one, such as \`atLeast: 1\`",
      ],
      [
        "20:48 LESSON_RULE app or servicePort is missing",
        "Add \`app:\`",
      ],
      [
        "22:24 LESSON_RULE A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/web",
      ],
    ]
  `);
});

test.each([
  ['a step is known by another list', 'deploy: x.json', /look\[0\] has no key "deploy"/],
  [
    'the fingerprint of an answer needs no choice',
    `answer: { question: Q, choices: [a, b], right: sha256:${'0'.repeat(64)} }`,
    undefined,
  ],
  ['an app is in the group of lessons', 'app: { id: /learning }', /keeps to apps in \/learn/],
  [
    'an agent of an app that is not of a lesson',
    'agent: { name: agent-of /web, state: active }',
    /keeps to apps in \/learn/,
  ],
])('%s', (_, look, message) => {
  const problems = problemsOf(lessonWith(`{ ${look} }`)).filter(({ message: text }) => !/solution/.test(text));
  if (message === undefined) expect(shown(problems)).toEqual([]);
  else expect(problems.map((each) => each.message).join('\n')).toMatch(message);
});

test('a drill is one that there is', () => {
  const [problem, ...more] = problemsOf(
    lessonWith('{ app: { id: /learn/a } }').replace('remove: /learn/a', 'drill: kil-agent'),
  );
  expect(more).toEqual([]);
  expect(problem).toMatchObject({
    code: 'LESSON_TYPE',
    place: { line: 7 },
    found: '"kil-agent"',
    fix: 'Did you mean kill-agent?',
  });
  expect(drills.map(({ name }) => name)).toEqual(drillNames);
});

test.each([
  ['', 'LESSON_TYPE', /not a map/],
  ['- a', 'LESSON_TYPE', /not a map/],
  ['title: [', 'LESSON_SYNTAX', /closing/],
  ['title: a\ntitle: b\nminutes: 1\nchecks: []', 'LESSON_SYNTAX', /stands twice/],
  ['title: \u0000', 'LESSON_FILE', /The lesson holds/],
])('%j is no lesson', (text, code, message) => {
  const [first] = problemsOf(text);
  expect(first?.code).toBe(code);
  expect(first?.message).toMatch(message);
});

test('a new version is an app in a file, and what is of a canary stands at one', () => {
  const steps = `title: A
minutes: 5
setup:
  - new-version: { file: files/gone.json, strategy: rolling, share: '1', watchFor: 5 }
  - new-version: { file: files/web.json, strategy: canary, share: half }
  - new-version: { file: files/web.json, strategy: recreate }
  - load: { app: /web, rate: 0, seconds: 5 }
checks:
  - title: T
    look: [{ app: { id: /learn/a } }]
    hints: [h]
    solution: [{ remove: /learn/a }]
`;
  expect(shown(problemsOf(steps, { 'files/web.json': '{"id": "/web"}' }))).toMatchInlineSnapshot(`
    [
      [
        "4:26 LESSON_FILE There is no file files/gone.json in the folder of the lesson",
        "Write it, or correct the name",
      ],
      [
        "4:62 LESSON_RULE share is of a canary",
        "Write strategy: canary, or remove share",
      ],
      [
        "4:74 LESSON_RULE watchFor is of a canary",
        "Write strategy: canary, or remove watchFor",
      ],
      [
        "5:26 LESSON_RULE files/web.json: A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/web",
      ],
      [
        "5:67 LESSON_RULE A share is a number of instances, or a part of them",
        "Write '1', or '25%'",
      ],
      [
        "6:26 LESSON_RULE files/web.json: A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/web",
      ],
      [
        "6:52 LESSON_TYPE setup[2].new-version.strategy is not one of the words it can be",
        "Write rolling, blue-green or canary",
      ],
      [
        "7:18 LESSON_RULE A lesson keeps to apps in /learn, which a reset removes",
        "Write /learn/web",
      ],
      [
        "7:30 LESSON_TYPE setup[3].load.rate is not a whole number, at least 1",
        "Write a whole number, at least 1",
      ],
    ]
  `);
});
