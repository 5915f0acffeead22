/** JSON of which a test says what it expects. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export const parseLoosely = (text: string): Loose => JSON.parse(text);

/** A list of JSON objects. */
export const listOf = (value: unknown): readonly Record<string, Loose>[] => {
  if (Array.isArray(value)) return value as Record<string, Loose>[];
  throw new Error(`not a list: ${JSON.stringify(value)}`);
};

/** One field of each object of a list. */
export const pluck = <Value = string>(list: unknown, name: string): Value[] =>
  listOf(list).map((each) => each[name] as Value);
