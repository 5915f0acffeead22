import { lastLines } from '../docker-engine.ts';

/** Follows what `docker pull` says where there is no terminal. */
export interface PullProgress {
  readonly onLine: (line: string) => void;
  /** The last lines of it, for an error. */
  readonly lastWords: (count: number) => string;
  /** It had been there, and nothing newer. */
  readonly wasThere: () => boolean;
}

/** @param see is told how many layers have come: `2 of 5 layers` */
export function pullProgress(see: (text: string) => void): PullProgress {
  const layers = new Map<string, boolean>();
  const said: string[] = [];
  return {
    onLine: (line) => {
      said.push(line);
      // A line for each layer when it begins, and when it is there.
      const [, layer, state = ''] = /^([0-9a-f]{12}): (.*)$/.exec(line) ?? [];
      if (layer === undefined) return;
      layers.set(layer, /^(?:Pull complete|Already exists)/.test(state));
      see(`${[...layers.values()].filter(Boolean).length} of ${layers.size} layers`);
    },
    lastWords: (count) => lastLines(said.join('\n'), count),
    wasThere: () => said.some((line) => line.startsWith('Status: Image is up to date')),
  };
}
