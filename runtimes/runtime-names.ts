/** What `--runtime` of `up` may say, in the order in which they are tried without it. */
export const runtimeNames = ['docker', 'embedded'] as const;
/** The lab's spec, and not a flag, says whether it runs on machines of its own. */
export type RuntimeName = (typeof runtimeNames)[number] | 'hosts' | 'vagrant';
