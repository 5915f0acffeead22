import { expect, test } from 'vitest';
import { agentHelp } from '../../../engine/agent/views/help.ts';
import { masterHelp } from '../../../engine/master/views/help.ts';
import type { Help } from '../../../engine/observability/help-pages.ts';
import { startTestAgent } from '../agent/running-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { fetchRaw } from '../scheduler-client.ts';

/** Each endpoint that help names is there, and has a page. */
async function checkHelp(url: string, help: Help): Promise<void> {
  const index = await fetchRaw(`${url}/help`);
  expect(index).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
  for (const [process, texts] of Object.entries(help)) {
    for (const [path, text] of Object.entries(texts)) {
      expect(index.body).toContain(`/help/${process}${path}"`);
      const page = await fetchRaw(`${url}/help/${process}${path}`);
      expect(page, path).toMatchObject({ status: 200 });
      expect(page.body).toContain(text);
      const { status, body } = await fetchRaw(`${url}/${process}${path}`);
      expect(`${status} ${body}`, path).not.toContain('404 There is nothing at');
    }
  }
  expect(await fetchRaw(`${url}/help/nobody`)).toMatchObject({
    status: 400,
    body: "No help available for '/nobody'.\n",
  });
  const [process = ''] = Object.keys(help);
  const body = `No help available for '/${process}/nothing'.\n`;
  expect(await fetchRaw(`${url}/help/${process}/nothing`)).toMatchObject({ status: 400, body });
}

test('a master helps with each of its endpoints', async () => {
  await checkHelp((await startLeader()).url, masterHelp);
});

test('an agent helps with each of its endpoints', async () => {
  await checkHelp((await startTestAgent()).agent.url, agentHelp);
});
