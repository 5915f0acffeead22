/** Every drill, in the order of the list: from what harms least. What they do is in checks/drills. */
export const drillNames = [
  ...(['kill-task', 'crash-loop', 'broken-rollout', 'fill-sandbox'] as const),
  ...(['drain-agent', 'stop-agent', 'slow-agent', 'kill-agent', 'kill-machine', 'partition-agent'] as const),
  ...(['kill-master', 'lose-quorum', 'kill-zookeeper', 'lose-zookeeper'] as const),
  ...(['kill-marathon', 'kill-load-balancer'] as const),
] as const;
export type DrillName = (typeof drillNames)[number];
