import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as WorkflowParser from '@actions/workflow-parser';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/* What GitHub reads, as far as that can be checked without it: its own parser, and what the files refer to. */

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);

/** It imports JSON as bundlers do, and Node does not. */
async function loadParser(): Promise<typeof WorkflowParser> {
  const bundler = await rolldown({ input: '@actions/workflow-parser', cwd: root, platform: 'browser' });
  const { output } = await bundler.generate({ format: 'esm', codeSplitting: false });
  await bundler.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`) as Promise<typeof WorkflowParser>;
}

const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await loadParser();

/** What GitHub's parser has against a workflow: syntax, keys, types, expressions, jobs that do not exist. */
async function mistakesIn(path: string, content: string) {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

interface Workflow {
  readonly jobs: { readonly all: { readonly steps: readonly Step[] } };
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

describe('the workflows', () => {
  it('are one that checks and one that releases', () => {
    expect(workflows.map((path) => path.split('/').at(-1))).toEqual(['ci.yml', 'release.yml']);
  });

  it.each(workflows)('are what GitHub takes: %s', async (path) => {
    expect(await mistakesIn(path, read(path))).toEqual([]);
  });

  it('would be refused with a mistake in them', async () => {
    const release = read('.github/workflows/release.yml');
    const mistakes = async (from: string, to: string) => {
      expect(release).toContain(from);
      return (await mistakesIn('release.yml', release.replace(from, to))).join('\n');
    };
    expect(await mistakes('runs-on:', 'run-on:')).toContain('run-on');
    expect(await mistakes('needs: ci', 'needs: cu')).toContain('cu');
    expect(await mistakes('${{ github.token }}', '${{ github.token')).not.toBe('');
    expect(await mistakes('id-token: write', 'id-token: sure')).toContain('sure');
  });

  it('keep what .ci/run leaves for whoever looks at the run', () => {
    const steps = (parse(read('.github/workflows/ci.yml')) as Workflow).jobs.all.steps;
    const kept = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    expect(kept?.with?.path).toBe('${{ runner.temp }}/artifacts');
    expect(steps.map(({ run = '' }) => run).join('')).toContain('"$RUNNER_TEMP/artifacts:/artifacts"');
    expect(read('.gitignore').split('\n')).toContain('/artifacts');
  });

  it.each(workflows)('run only what is in the repository: %s', (path) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const text = read(path);
    const names = Array.from(text.matchAll(/npm run ([\w:-]+)/g), ([, name]) => name ?? '');
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
    const files = text.match(/(?:scripts\/|\.ci\/|\.github\/workflows\/)[\w.-]+/g) ?? [];
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(names.length + files.length).toBeGreaterThan(0);
  });

  it.each(workflows)('take actions of GitHub alone, by their major version: %s', (path) => {
    const actions = Array.from(read(path).matchAll(/uses: (\S+)/g), ([, action]) => action);
    expect(actions.filter((action = '') => !/^(?:actions\/[\w-]+@v\d+|\.\/\S+)$/.test(action))).toEqual([]);
  });
});

// https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
const parts: Readonly<Record<string, readonly string[]>> = {
  markdown: ['value'],
  textarea: ['label', 'description', 'placeholder', 'value', 'render'],
  input: ['label', 'description', 'placeholder', 'value'],
};

interface Part {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly validations?: Readonly<Record<string, unknown>>;
}

describe('the form of an issue', () => {
  const form = parse(read('.github/ISSUE_TEMPLATE/problem.yml')) as Readonly<Record<string, unknown>>;
  const body = form.body as readonly Part[];

  it('has what GitHub wants of a form, and nothing that it does not know', () => {
    expect(Object.keys(form)).toEqual(['name', 'description', 'labels', 'body']);
    for (const { type, id, attributes, validations, ...rest } of body) {
      expect(rest).toEqual({});
      expect(Object.keys(attributes).filter((name) => !parts[type]?.includes(name))).toEqual([]);
      expect(attributes[type === 'markdown' ? 'value' : 'label']).toMatch(/\S/);
      expect(id === undefined).toBe(type === 'markdown');
      if (validations !== undefined) expect(validations).toEqual({ required: expect.any(Boolean) });
    }
    const ids = body.flatMap(({ id = [] }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not go without the findings of doctor', () => {
    const doctor = body.find(({ id }) => id === 'doctor');
    expect(doctor?.attributes.label).toBe('create-mesos-cluster doctor --json');
    expect(doctor?.validations).toEqual({ required: true });
  });
});
