import { labelsWithoutEffect, type BalancerFacts } from '../../../protocol/marathon/load-balancer-labels.ts';
import { servedPort } from '../../../protocol/marathon/served-port.ts';
import type { MarathonApp } from '../marathon-app.ts';

interface ComplaintOptions {
  readonly groups: readonly string[];
  readonly facts: BalancerFacts;
  readonly log: (line: string) => void;
}

/** Says which labels of apps are not honoured: of apps that are served, and once as long as they have them. */
export function labelComplaints({ groups, facts, log }: ComplaintOptions): (apps: readonly MarathonApp[]) => void {
  let said: ReadonlySet<string> = new Set();
  return (apps) => {
    const lines = apps.filter(isServed).map(({ id, labels, ports }) => {
      const without = labelsWithoutEffect(labels, ports.length, facts);
      return without.length === 0 ? '' : `labels of ${id} that are not honoured: ${without.join(', ')}`;
    });
    const now = new Set(lines.filter((line) => line !== ''));
    for (const line of now) if (!said.has(line)) log(line);
    said = now;
  };

  function isServed({ labels, ports }: MarathonApp): boolean {
    return ports.some(({ servicePort }, index) => 'port' in servedPort(labels, index, servicePort, groups));
  }
}
