import { problem, type Rule } from './rule.ts';

/** ZooKeeper's `myid` (administrator's guide: "between 1 and 255"). */
export const checkZookeeperIds: Rule = ({ nodes = [] }) =>
  nodes.flatMap(({ zookeeperId: id }, index) =>
    id === undefined || (Number.isInteger(id) && id >= 1 && id <= 255)
      ? []
      : [
          problem('SPEC_ID', ['nodes', index, 'zookeeperId'], 'A ZooKeeper id is outside 1 to 255', {
            found: String(id),
            allowed: 'a whole number from 1 to 255, unique among the nodes',
            fix: 'Write such a number, or remove the key: ids are derived',
          }),
        ],
  );
