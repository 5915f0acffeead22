import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const firstLesson = `title: A first app
minutes: 5
summary: You can start something.
checks:
  - title: The app runs
    look:
      - app: { id: /learn/hello, running: 1 }
    hints: ['It is \`npm run deploy -- {{files}}/hello.json\`.', The last one.]
    solution:
      - deploy: files/hello.json
      - app: { id: /learn/hello, running: 1 }
  - title: You know where it runs
    look:
      - answer:
          question: What is a machine called that runs tasks?
          choices: [a master, an agent]
          right: an agent
    hints: [It is one of the two.]
`;

const firstText = `This is **short**. See [the agents](#/agents) and [Mesos]({{master}}).

## What to do

1. Look into \`{{files}}/hello.json\`.
2. Deploy it:

\`\`\`sh
npm run deploy -- {{files}}/hello.json
\`\`\`

| port | what it is |
| --- | --- |
| 5050 | *master* |

> Said by somebody.
`;

export const image = '<img src=x onerror=alert(1)>';
const long = 'w'.repeat(5000);

const hostileLesson = JSON.stringify({
  title: `${image} ${long.slice(0, 100)}`,
  minutes: 1,
  summary: '"><script>alert(1)</script>',
  checks: [
    {
      title: image,
      look: [{ answer: { question: image, choices: [image, long], right: image } }],
      hints: [`[x](javascript:alert(2)) ${long}`],
    },
  ],
});

const hostileText = `\\<script>alert(1)\\</script> \\<img src=x onerror=alert(1)>

[a script](javascript:alert(1)), [another](JaVaScRiPt:alert(1)), [data](data:text/html,x), [a file](file:///etc/passwd),
[a path](/page/learn), [good](http://127.0.0.1:1/good), [a view](#/agents)

${long}

\`\`\`html
${image}${long}
\`\`\`

| ${long} | b |
| --- | --- |
| ${long} | 2 |

${'> '.repeat(200)}deep
`;

/** A course of two lessons, the second of which is written by somebody hostile. */
export function writeCourse(above: string): string {
  const folder = join(above, 'course');
  const hello = { id: '/learn/hello', cmd: 'sleep 1000', cpus: 0.1, mem: 16 };
  const files = {
    '01-first/lesson.yaml': firstLesson,
    '01-first/lesson.md': firstText,
    '01-first/files/hello.json': JSON.stringify(hello),
    '02-hostile/lesson.yaml': hostileLesson,
    '02-hostile/lesson.md': hostileText,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
