/** Gives versions: the present, but never the same twice, since versions are compared. */
export interface Timestamps {
  readonly now: () => string;
  readonly nextVersion: () => string;
  /** No version given later is at or before this one. */
  readonly seen: (version: string) => void;
}

export function newTimestamps(clock: () => number = Date.now): Timestamps {
  let latest = 0;
  return {
    now: () => new Date(clock()).toISOString(),
    nextVersion: () => {
      latest = Math.max(latest + 1, clock());
      return new Date(latest).toISOString();
    },
    seen: (version) => {
      const at = Date.parse(version);
      // A clock that was wrong once must not make all versions to come wrong.
      if (at > latest && at < clock() + 60_000) latest = at;
    },
  };
}

export const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString();
