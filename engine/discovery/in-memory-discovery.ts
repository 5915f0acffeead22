import type { Candidate, Discovery } from './discovery.ts';

interface Contender {
  readonly candidate: Candidate;
  readonly onElected: () => void;
}

/** An election among components of one process: the longest-serving candidate leads, as with ZooKeeper's sequence. */
export function inMemoryDiscovery(): Discovery {
  const contenders: Contender[] = [];
  const listeners = new Set<(leader: Candidate | undefined) => void>();
  let leader: Contender | undefined;

  function elect(): void {
    const [first] = contenders;
    if (first === leader) return;
    leader = first;
    leader?.onElected();
    for (const listener of listeners) listener(leader?.candidate);
  }
  const later = (action: () => void) => {
    queueMicrotask(action);
  };
  return {
    contend: (candidate, onElected) => {
      const contender = { candidate, onElected };
      contenders.push(contender);
      later(elect);
      return {
        withdraw: () => {
          const index = contenders.indexOf(contender);
          if (index < 0) return;
          contenders.splice(index, 1);
          later(elect);
        },
      };
    },
    watch: (listener) => {
      listeners.add(listener);
      later(() => {
        if (listeners.has(listener)) listener(leader?.candidate);
      });
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** A leader that is known beforehand: for clusters that we did not start. */
export function fixedLeader(candidate: Candidate): Discovery {
  return {
    contend: () => ({ withdraw: () => undefined }),
    watch: (listener) => {
      let watching = true;
      queueMicrotask(() => {
        if (watching) listener(candidate);
      });
      return () => {
        watching = false;
      };
    },
  };
}
