import type { Doing } from '../../picture/learning.ts';
import { useSeconds } from '../parts/use-seconds.ts';
import { words } from '../words.ts';

interface DoingProps {
  readonly doing: Doing | undefined;
  /** The server's clock less this one's, ms. */
  readonly ahead: number;
  /** What is said when nothing goes on. */
  readonly otherwise: string;
}

/** What goes on, for how long, and what was said of it last; it is read out when it changes. */
export function DoingNow({ doing, ahead, otherwise }: DoingProps) {
  return (
    <p class="doing" role="status">
      {doing === undefined ? otherwise : `${words.ofLessons.doing[doing.action]} … ${doing.said}`}
      {doing !== undefined && <Ticking since={doing.since - ahead} />}
    </p>
  );
}

/** It changes each second: it is seen, and not read out. */
const Ticking = ({ since }: { readonly since: number }) => (
  <span aria-hidden="true"> ({words.ofLessons.seconds(Math.round((useSeconds() - since) / 1000))})</span>
);
