import type { Component } from './component.ts';

const source = 'docs/autoscaling.md';

/** With it an idle agent goes after ten minutes, as with Kubernetes's cluster autoscaler (--scale-down-unneeded-time). */
export const defaultAgentCooldown = '2mins';

/** Scales apps by their labels; a program of our own with every image set. */
export const autoscaler: Component<'autoscaler'> = {
  role: 'autoscaler',
  title: ['autoscaler', 'autoscalers'],
  summary: 'scales apps that ask for it by their labels',
  needs: { role: 'marathon', why: 'the autoscaler reads the labels of apps from Marathon, and scales them through it' },
  waitsFor: ['marathon'],
  ports: [{ name: 'http', usual: 8091 }],
  memory: { limit: 256, usual: 60 },
  probe: { path: '/ping' },
  page: { title: 'Autoscaler', shows: 'its decisions', path: '/v1/decisions' },
  settings: [],
  arguments: [
    {
      name: '--marathon-url',
      value: ({ marathonUrls }) => marathonUrls,
      why: 'Every Marathon; the autoscaler takes the first that answers.',
      source,
    },
    {
      name: '--master-url',
      value: ({ masterUrls }) => masterUrls,
      why: 'They tell where the agents are, which tell what tasks use of cpu and memory.',
      source,
    },
    {
      name: '--load-balancer-url',
      value: ({ statisticsUrls }) => (statisticsUrls.length === 0 ? undefined : statisticsUrls),
      why: 'Their statistics tell requests per second and sessions; several are added up.',
      source,
    },
    {
      name: '--prometheus-url',
      value: ({ prometheusUrl }) => (prometheusUrl === undefined ? undefined : [prometheusUrl]),
      why: '`autoscale.prometheus` of the spec, or that of the add-on metrics: it is asked the queries of apps.',
      source,
    },
    {
      name: '--agents',
      value: ({ agentBounds: bounds }) => (bounds === undefined ? undefined : [`${bounds.min}-${bounds.max}`]),
      why: '`autoscale.agents` of the spec: how many agents it may have wanted. `scale agents auto` follows that.',
      source,
    },
    {
      name: '--agents-cooldown',
      value: ({ agentBounds: bounds }) => (bounds === undefined ? undefined : [bounds.cooldown]),
      why: '`autoscale.agents.cooldown` of the spec: at most one step is taken in this time.',
      source,
    },
    {
      name: '--interval',
      value: ({ timing }) => [timing === 'fast' ? '5secs' : '15secs'],
      why: 'How often it looks: as often as Kubernetes does, and more often with the timing fast.',
      source: 'Kubernetes, Horizontal Pod Autoscaling, --horizontal-pod-autoscaler-sync-period',
    },
    {
      name: '--http-address',
      value: ({ placement, host }) => [placement === 'machines' ? host : '0.0.0.0'],
      why: 'What it listens on: of a container all, of a machine its own address.',
      source,
    },
    { name: '--http-port', value: ({ port }) => [String(port ?? 0)], why: 'Its decisions and metrics.', source },
  ],
};
