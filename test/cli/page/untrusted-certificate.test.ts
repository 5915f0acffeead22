import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { findCluster } from '../../../checks/adopt/find-cluster.ts';
import { clusterAt, targetFromUrls } from '../../../checks/cluster-target.ts';
import { expectAnswer } from '../../../cli/lab/open-lab.ts';
import { selfSigned } from '../../../engine/load-balancer/tls/self-signed.ts';

async function serve(): Promise<string> {
  const both = selfSigned(Date.now());
  const server = createServer({ cert: both, key: both });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

it('is named as the reason why a cluster is not shown, with what makes it trusted', async () => {
  const url = await serve();
  const target = targetFromUrls({ mesos: [url], marathon: [] });
  const { client } = clusterAt(target);
  await expect(expectAnswer({ target, client }, AbortSignal.timeout(20_000))).rejects.toMatchObject({
    problems: [
      { code: 'LAB_NOT_RUNNING', found: expect.stringMatching(/certificate; NODE_EXTRA_CA_CERTS=FILE/) as unknown },
    ],
  });
});

it('is named as the reason why a cluster is not adopted, with what makes it trusted', async () => {
  const urls = { masters: [await serve()], marathons: [] };
  await expect(findCluster(urls, AbortSignal.timeout(20_000))).rejects.toMatchObject({
    found: expect.stringContaining('certificate') as unknown,
    fix: expect.stringContaining('NODE_EXTRA_CA_CERTS=FILE') as unknown,
  });
});
