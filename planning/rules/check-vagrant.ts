import { showText } from '../shape/show-value.ts';
import { problem, type Rule } from './rule.ts';

const bounds = {
  cpus: { least: 1, most: 128, unit: 'processors' },
  memoryMb: { least: 512, most: 1_048_576, unit: 'MB' },
} as const;

/** The size of the virtual machines, and their box. */
export const checkVagrant: Rule = ({ vagrant }) => {
  if (!vagrant) return [];
  const { box } = vagrant;
  return [
    ...(['cpus', 'memoryMb'] as const).flatMap((key) => {
      const value = vagrant[key];
      const { least, most, unit } = bounds[key];
      if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
      return [
        problem('SPEC_VALUE', ['vagrant', key], `vagrant.${key} is out of bounds`, {
          found: String(value),
          allowed: `${least} to ${most} ${unit} for each machine`,
          fix: key === 'memoryMb' ? 'Write megabytes, such as 2048' : 'Write 2',
        }),
      ];
    }),
    ...(box === undefined || (box.length <= 128 && /^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?$/.test(box))
      ? []
      : [
          problem('SPEC_VALUE', ['vagrant', 'box'], 'vagrant.box is not the name of a box', {
            found: showText(box),
            allowed: 'user/name, or the name of a box on this machine',
            fix: 'Write a name such as bento/debian-12, or remove the key',
          }),
        ]),
  ];
};
