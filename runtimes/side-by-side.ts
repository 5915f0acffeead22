/** What several that work at the same time are at, in one line: `node1 2 of 5 layers, node2 done`. */
export interface SideBySide {
  /** @returns what is told what this one is at */
  readonly of: (name: string) => (text: string) => void;
  /** There is nothing more to say of it. */
  readonly leave: (name: string) => void;
}

/** @param see is told the whole line, whenever one of them says something */
export function sideBySide(see: (line: string) => void): SideBySide {
  const seen = new Map<string, string>();
  return {
    of: (name) => (text) => {
      seen.set(name, text);
      see([...seen].map(([each, last]) => `${each} ${last}`).join(', '));
    },
    leave: (name) => {
      seen.delete(name);
    },
  };
}
