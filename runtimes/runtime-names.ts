/** What can run a lab: one on one host the first two, in the order in which they are tried; one on machines the others. */
export const runtimeNames = ['docker', 'embedded', 'hosts', 'vagrant'] as const;
export type RuntimeName = (typeof runtimeNames)[number];
