import type { ClusterSpec } from './cluster-spec.ts';

/** `runtime` in a spec said where the nodes are, until that got a word of its own: `placement`. */
export const placementOfRuntime = { docker: 'one-host', hosts: 'machines' } as const;

/** Where the nodes are, by the key of today or by the one before it. */
export function saidPlacement({ placement, runtime }: ClusterSpec): ClusterSpec['placement'] {
  return placement ?? (runtime && placementOfRuntime[runtime]);
}
