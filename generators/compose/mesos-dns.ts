import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import { entry, list, map } from '../text/yaml-text.ts';
import { literal, type Builder } from './compose-service.ts';
import { fixedAddressEntry, gatewayPorts } from './lab-network.ts';
import { plainService } from './plain-service.ts';

/** Name of its configuration beside the Compose file, and among the configs of one. */
const fileName = 'mesos-dns.json';
const configName = 'mesos-dns';
const inContainer = '/config.json';

/** Docker's own server in a container, which asks those of the machine. */
const ofContainer = '127.0.0.11';

/**
 * Configuration of Mesos-DNS (mesos-dns, docs/configuration-parameters.md). It answers for `.mesos`, and asks for all
 * others where the containers of the lab ask it; a task's name leads to its agent, where its ports are, and not into the
 * agent's own Docker network, unless containers have addresses that the lab reaches.
 */
export const mesosDnsConfig = (
  { urls, timing, taskNetwork }: Plan,
  listener: string,
  { ports }: PlannedComponent,
  resolver?: string,
) => ({
  zk: urls.mesosZk,
  domain: 'mesos',
  listener,
  port: 53,
  httpport: ports[0]?.target ?? 0,
  refreshSeconds: timing === 'fast' ? 2 : 10,
  ttl: 10,
  ...(resolver === undefined ? { externalon: false } : { externalon: true, resolvers: [resolver] }),
  IPSources: taskNetwork === undefined ? ['host'] : ['netinfo', 'host'],
});

/** Of the one that has the fixed address. */
const dnsPorts = (plan: Plan) =>
  gatewayPorts(plan, '53').flatMap((port) => ['udp', 'tcp'].map((protocol) => `${port}/${protocol}`));

/** Its configuration is a file beside the Compose file, or in it where the machine that it is for has no other. */
export const mesosDnsServices: Builder = (component, context) => {
  const { plan } = context;
  if (plan.placement === 'one-host') {
    const content = `${JSON.stringify(mesosDnsConfig(plan, '0.0.0.0', component, ofContainer), undefined, 2)}\n`;
    const own = {
      published: component.ordinal === 1 ? dnsPorts(plan) : [],
      volumes: [`./${fileName}:${inContainer}:ro`],
      extra: [fixedAddressEntry(component, plan)],
    };
    const service = plainService(component, context, own);
    // All on one host share it.
    return [component.ordinal === 1 ? { ...service, files: [{ path: fileName, content }] } : service];
  }
  const source = map([entry('source', configName), entry('target', inContainer)]);
  const service = plainService(component, context, { extra: [entry('configs', list([source]))] });
  const content = literal(JSON.stringify(mesosDnsConfig(plan, component.host, component)));
  return [{ ...service, configs: [entry(configName, map([entry('content', content)]))] }];
};
