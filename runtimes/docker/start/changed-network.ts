import type { Plan } from '../../../planning/plan/plan.ts';

const networkOf = ({ network }: Plan) => JSON.stringify([network?.name, network?.addresses?.subnet]);

/**
 * Whether the lab needs another network than it has: Compose 2.26 leaves one that is there as it is, whatever the file
 * says of it now.
 */
export const needsNewNetwork = (before: Plan, after: Plan): boolean => networkOf(before) !== networkOf(after);
