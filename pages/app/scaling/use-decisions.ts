import type { Decisions } from '../../picture/decisions.ts';
import type { Known } from '../connection.ts';
import { hasAddon } from '../hour/addons.ts';
import { useAsked } from '../mesos/use-asked.ts';

const askMs = 4000;

/** What the autoscaler of the lab has decided; nothing is asked where there is none. */
export const useDecisions = (known: Known): ReturnType<typeof useAsked<Decisions>> =>
  useAsked<Decisions>(hasAddon(known, 'autoscaler') ? '/page/decisions' : undefined, askMs);
