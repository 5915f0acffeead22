import type { words } from '../words.ts';

/** What a line looks like (hour.css): by colour, and by how it is dashed. */
type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'quiet' | 'whole';

export const toneOf: { readonly [Name in keyof typeof words.ofHour.lines]: Tone } = {
  ...{ inUse: 'plain', allocated: 'good', total: 'whole', open: 'plain', outstanding: 'plain' },
  ...{ running: 'plain', staging: 'warn', starting: 'warn', killing: 'quiet', unreachable: 'bad' },
  ...{ finished: 'good', killed: 'quiet', failed: 'bad', sent: 'plain', accepted: 'good', declined: 'warn' },
  ...{ requests: 'plain', errors: 'bad', instances: 'plain', apps: 'warn', cpus: 'plain', memory: 'good' },
  ...{ masters: 'plain', agents: 'good', marathons: 'warn', balancers: 'quiet', unreachableAgents: 'bad' },
  ...{ disk: 'warn', healthy: 'good', unhealthy: 'bad', wanted: 'whole' },
};
