import type { ComponentArgument, SettingsContext } from './component.ts';
import { prometheusPorts } from './sources.ts';

/** On a machine of its own a program listens on that machine's address and nowhere else. */
export const listenAddress = ({ placement, host, port = 0 }: SettingsContext): string =>
  `${placement === 'machines' ? host : '0.0.0.0'}:${port}`;

/** Of Prometheus, and of exporters that are written with its libraries (exporter-toolkit, docs/web-configuration.md). */
export const webListenAddress: ComponentArgument = {
  name: '--web.listen-address',
  value: (context) => [listenAddress(context)],
  why: "Where it is asked; Prometheus's usual port, 9090, is that of the load balancer's statistics.",
  source: prometheusPorts,
};
