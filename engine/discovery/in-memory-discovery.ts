import type { Candidate, Contest, Discovery, LeaderListener } from './discovery.ts';

interface Contender {
  readonly candidate: Candidate;
  readonly contest: Contest;
}

/** An election among components of one process: the longest-serving candidate leads, as with ZooKeeper's sequence. */
export function inMemoryDiscovery(): Discovery {
  const contenders: Contender[] = [];
  const listeners = new Set<LeaderListener>();
  let leader: Contender | undefined;
  let toldCount = 0;

  function elect(): void {
    const [first] = contenders;
    const isNew = first !== leader;
    if (!isNew && contenders.length === toldCount) return;
    leader = first;
    toldCount = contenders.length;
    if (isNew) leader?.contest.onElected();
    for (const listener of listeners) listener(leader?.candidate, contenders.length);
  }
  const later = (action: () => void) => {
    queueMicrotask(action);
  };
  return {
    contend: (candidate, contest) => {
      const contender = { candidate, contest };
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
        if (listeners.has(listener)) listener(leader?.candidate, contenders.length);
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
        if (watching) listener(candidate, 1);
      });
      return () => {
        watching = false;
      };
    },
  };
}
