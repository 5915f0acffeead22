import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { waitFor } from '../running-agent.ts';
import { startTask, within } from './container-api.ts';

const withSecret = (secret: object) => ({
  command: { value: 'echo $PW', environment: { variables: [{ name: 'PW', type: 'SECRET', secret }] } },
});
const value = { type: 'VALUE', value: { data: Buffer.from('geheim').toString('base64') } };
const reference = { type: 'REFERENCE', reference: { name: 'pw' } };

test('a nested container has secrets whose value it brings as variables, and none that are files or in a store', async () => {
  const { parent, about, directory } = await startTask();
  const launch = (id: string, fields: object) => about('LAUNCH_NESTED_CONTAINER', within(parent, id), fields);
  expect((await launch('n', withSecret(value))).status).toBe(200);
  await waitFor(() => {
    expect(readFileSync(`${directory}/containers/n/stdout`, 'utf8')).toBe('geheim\n');
  });
  expect(await launch('r', withSecret(reference))).toMatchObject({
    status: 400,
    body: 'Failed to launch container: Collect failed: Default secret resolver cannot resolve references',
  });
  const volumes = [{ mode: 'RO', container_path: 'pw', source: { type: 'SECRET', secret: value } }];
  const inFile = await launch('f', { ...withSecret(value), container: { type: 'MESOS', volumes } });
  expect(inFile.status).toBe(400);
  expect(inFile.body).toContain("'source.secret' is not honoured by this cluster");
});
