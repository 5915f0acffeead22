import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { isolatedDeclaration } from 'rolldown/experimental';
import { onLog, root } from './bundle-script.mjs';

const folder = join(root, 'testing');

/** What `create-mesos-cluster/testing` is, by file: it starts the program, whose engine it shares. */
export async function testingFiles() {
  const [code, declarations] = await Promise.all([bundle(), declare()]);
  return new Map([
    ['testing.cjs', code],
    ['testing.d.cts', declarations],
  ]);
}

/** CommonJS, which both `import` and `require` take, in every Node.js. */
async function bundle() {
  const bundler = await rolldown({
    cwd: root,
    input: join(folder, 'testing.ts'),
    platform: 'node',
    transform: { target: 'node20.12' },
    onLog,
  });
  try {
    const { output } = await bundler.generate({ format: 'cjs', comments: false, codeSplitting: false });
    return output[0].code;
  } finally {
    await bundler.close();
  }
}

/** The types, and the functions that are exported, in one file, from the sources. */
async function declare() {
  const [types, functions] = await Promise.all(
    ['test-cluster.ts', 'testing.ts'].map(async (name) => {
      const { code, errors } = await isolatedDeclaration(name, readFileSync(join(folder, name), 'utf8'));
      if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('\n')}`);
      return code.replaceAll(/^export \{\};?\n/gm, '');
    }),
  );
  const rest = functions.replaceAll(/^import .*from "\.\/test-cluster\.ts";\n/gm, '');
  if (/^import /m.test(`${types}\n${rest}`)) throw new Error('testing/: what is exported has types of other files');
  return `${types}${rest}`;
}
