/** How `deploy` brings in a new version of an app without a break. */
export const strategyNames = ['rolling', 'blue-green', 'canary'] as const;

export type StrategyName = (typeof strategyNames)[number];

/** Of `--share`: a number of instances, or a part of them in percent. */
export const sharePattern = /^(?<count>[1-9]\d{0,8})(?<percent>%?)$/;
