/** What `--runtime` of `up` may say, in the order in which they are tried without it. */
export const runtimeNames = ['docker', 'embedded'] as const;
export type RuntimeName = (typeof runtimeNames)[number];
