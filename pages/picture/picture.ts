import { tableNames, type Message, type TableName, type Tables } from './tables.ts';

/** What is known now. */
export type Picture = { readonly [Name in TableName]: ReadonlyMap<string, Tables[Name]> };

export const emptyPicture: Picture = {
  ...{ sources: new Map(), components: new Map(), agents: new Map(), frameworks: new Map() },
  ...{ tasks: new Map(), apps: new Map(), deployments: new Map(), events: new Map() },
};

/** Takes a message into account. Tables without a change stay the same object. */
export function applyMessage(picture: Picture, { isWhole, changes }: Message): Picture {
  const before = isWhole ? emptyPicture : picture;
  const changed = tableNames.flatMap((name) => {
    const rows = changes[name];
    // What is in a table is what its name says: TypeScript does not see that of a union of names.
    return rows === undefined ? [] : [[name, applyRows<unknown>(before[name], rows)] as const];
  });
  return { ...before, ...Object.fromEntries(changed) };
}

function applyRows<Row>(
  before: ReadonlyMap<string, Row>,
  rows: Readonly<Record<string, Row | null>>,
): ReadonlyMap<string, Row> {
  const after = new Map(before);
  for (const [id, row] of Object.entries(rows)) {
    if (row === null) after.delete(id);
    else after.set(id, row);
  }
  return after;
}
