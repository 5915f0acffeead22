import type { Component, ComponentSetting, SettingsContext } from './component.ts';
import { ownAddress } from './mesos-settings.ts';
import { grafanaDoc } from './sources.ts';

const setting = (
  name: string,
  value: (context: SettingsContext) => string | number | boolean | undefined,
  why: string,
): ComponentSetting => ({ name, value, why, source: grafanaDoc });

/** Draws what Prometheus keeps, and shows what Loki does; data sources and dashboards are in generators/grafana. */
export const grafana: Component<'grafana'> = {
  role: 'grafana',
  title: ['Grafana', 'Grafanas'],
  comesWith: ['metrics', 'logs'],
  needs: { role: 'prometheus', or: 'loki', why: 'Grafana draws what Prometheus keeps, and shows what Loki does' },
  ports: [{ name: 'http', usual: 3000 }],
  memory: { limit: 384, usual: 120 },
  image: { reference: 'grafana/grafana:11.6.0', probe: 'wget' },
  probe: { path: '/api/health' },
  page: { title: 'Grafana (dashboards)' },
  settings: [
    setting('GF_SERVER_HTTP_PORT', ({ port }) => port, 'The port of `ports.grafana` on machines of their own.'),
    setting('GF_SERVER_HTTP_ADDR', ownAddress, "Only on several hosts, where it listens on the node's own address."),
    setting('GF_AUTH_ANONYMOUS_ENABLED', () => true, 'Whoever reaches a lab may look, as at its other pages.'),
    setting('GF_AUTH_ANONYMOUS_ORG_ROLE', () => 'Viewer', 'To look, and not to change.'),
    setting('GF_AUTH_DISABLE_LOGIN_FORM', () => true, "Else the image's admin has a password that everybody knows."),
    setting('GF_AUTH_BASIC_ENABLED', () => false, "Else the image's admin has a password that everybody knows."),
    setting('GF_ANALYTICS_REPORTING_ENABLED', () => false, 'A lab tells nobody about itself.'),
    setting('GF_ANALYTICS_CHECK_FOR_UPDATES', () => false, 'A lab works without a network.'),
    setting('GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES', () => false, 'A lab works without a network.'),
    setting('GF_PLUGINS_PREINSTALL_DISABLED', () => true, 'Plugins would be fetched, and none is needed.'),
    setting('GF_NEWS_NEWS_FEED_ENABLED', () => false, 'A lab works without a network.'),
    setting(
      'GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH',
      ({ addons }) => `/etc/grafana/dashboards/${addons.includes('metrics') ? 'cluster' : 'logs'}.json`,
      'The first thing that is seen is the cluster, or what it says.',
    ),
  ],
};
