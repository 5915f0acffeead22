import type { Plan } from '../../planning/plan/plan.ts';

/** Name of the file beside the Compose file. */
export const mesosDnsConfigName = 'mesos-dns.json';

/** Its name among the configs of a Compose file. */
export const mesosDnsConfigKey = 'mesos-dns';

/**
 * Configuration of Mesos-DNS (mesos-dns, docs/configuration-parameters.md). It answers for `.mesos` only and asks
 * nobody else; a task's name leads to its agent, where its ports are, and not into the agent's own Docker network.
 */
export function mesosDnsConfig(plan: Plan, listener: string, httpPort: number): string {
  const config = {
    zk: plan.urls.mesosZk,
    domain: 'mesos',
    listener,
    port: 53,
    httpport: httpPort,
    refreshSeconds: plan.timing === 'fast' ? 2 : 10,
    ttl: 10,
    externalon: false,
    IPSources: ['host'],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
