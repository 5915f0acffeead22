import type { FaultKind, ParseFault } from '../../protocol/parse-value.ts';

/** What is wrong with a part of attributes or resources, in words for the author of a spec. */
export interface SettingFault {
  /** The name in a map that it belongs to. */
  readonly key?: string;
  readonly found: string;
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Says what is wrong with a part of a setting; allowed is what the example shows, unless told otherwise. */
export const faultLike =
  (example: string) =>
  (found: string, message: string, fix: string, allowed = `name:value, as in ${example}`): SettingFault => ({
    found,
    message,
    allowed,
    fix,
  });

type Words = Omit<SettingFault, 'found'>;

const ofRange = (message: string): Words => ({
  message,
  allowed: 'ranges of whole numbers, the smaller first: [21000-24000,30000-34000]',
  fix: 'Write the ranges as [first-last,first-last]',
});

const notASet: Words = {
  message: 'This is not a set',
  allowed: 'words between braces: {a,b,c}',
  fix: 'Write the set as {a,b}, without empty items',
};

const words: Partial<Readonly<Record<FaultKind, Words>>> = {
  'open-ranges': ofRange('A list of ranges is not closed'),
  'no-range': ofRange('This is not a range'),
  'reversed-range': ofRange('The first number of a range is larger than the last'),
  'large-range': ofRange('A number of a range is too large'),
  'open-set': notASet,
};

const badBracket: Words = {
  message: 'A bracket stands inside a text',
  allowed: 'a number, a list of ranges [1-2,5-9], a set {a,b}, or text without brackets',
  fix: 'Remove the bracket, or start the value with it and close it at the end',
};

/** What is wrong with a value, whatever it is the value of. */
export const valueFault = ({ kind, found }: ParseFault): SettingFault => ({ found, ...(words[kind] ?? badBracket) });

/** For a set with an empty item, which parses. */
export const setFault = (found: string): SettingFault => ({ found, ...notASet });
