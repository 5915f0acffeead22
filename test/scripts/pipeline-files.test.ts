import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { appFields } from '../../protocol/app-schema/app-fields.ts';
import { checkValue } from '../../protocol/app-schema/check-value.ts';
import { object } from '../../protocol/app-schema/schema.ts';
import type { Json } from '../../protocol/mesos.ts';

const read = (name: string) => readFileSync(new URL(`../../examples/pipeline/${name}`, import.meta.url), 'utf8');
const call = 'node examples/pipeline/pipeline.mjs';

/* Neither Jenkins nor GitHub's runner are here: what can be said of their files without them. The script has a test on Docker. */
describe('the pipeline example', () => {
  it('has a workflow whose one job calls the script, with variables that it reads', () => {
    const { jobs } = parse(read('github-workflow.yml')) as {
      jobs: Record<string, { steps: readonly { run?: string; env?: Record<string, string> }[] }>;
    };
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    expect(steps.filter(({ run }) => run !== undefined)).toMatchObject([{ run: call }]);
    const variables = steps.flatMap(({ env = {} }) => Object.keys(env));
    expect(variables).toEqual(['LAB', 'REGISTRY_CREDENTIALS']);
    for (const name of variables) expect(read('pipeline.mjs')).toContain(`env.${name}`);
  });

  it.each(['app/marathon.json', 'jenkins.json'])('has a valid app in %s', (name) => {
    expect(checkValue(object(appFields), JSON.parse(read(name)) as Json)).toEqual([]);
  });

  it('has a Jenkinsfile that calls the same', () => {
    expect(read('Jenkinsfile').match(/sh '(.*)'/g)).toEqual([`sh '${call}'`]);
  });
});
