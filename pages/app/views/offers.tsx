import './mesos.css';
import { useRef } from 'preact/hooks';
import type { OfferDetails, Offers as AllOffers } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { Trouble } from '../mesos/facts.tsx';
import { resourcesText, sumByName } from '../mesos/resources.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { List } from '../parts/list.tsx';
import { useSeconds } from '../parts/use-seconds.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

const everyMs = 2000;

/** Offers that no framework has answered yet. */
export function Offers({ known }: { readonly known: Known }) {
  const { answer, trouble } = useAsked<AllOffers>('/page/offers', everyMs);
  const now = useSeconds();
  const seen = useFirstSeen(answer?.offers ?? []);
  const { frameworks, agents } = known.picture;
  if (answer === undefined && trouble === '') return <p class="quiet">{words.asking}</p>;
  const ageOf = ({ id }: OfferDetails) => Math.max(0, Math.round((now - (seen.get(id) ?? now)) / 1000));
  const frameworkOf = ({ framework }: OfferDetails) => frameworks.get(framework)?.name ?? framework;
  const hostOf = ({ agent, host }: OfferDetails) => agents.get(agent)?.host ?? host;
  return (
    <>
      <h2>{words.views.offers}</h2>
      <Trouble trouble={trouble} />
      <p class="quiet">
        {words.aboutOffers}
        {answer !== undefined &&
          answer.count > answer.offers.length &&
          ` ${words.firstOffers(answer.offers.length, answer.count)}`}
      </p>
      <List
        name={words.views.offers}
        rows={answer?.offers ?? []}
        keyOf={({ id }) => id}
        textOf={(offer) => `${offer.id} ${frameworkOf(offer)} ${hostOf(offer)} ${offer.role ?? ''}`}
        empty={words.noOffers}
        columns={[
          { title: words.offer, show: ({ id }) => id.split('-').at(-1), sortBy: ({ id }) => id },
          {
            title: words.framework,
            show: (offer) => <a href={linkTo('frameworks', offer.framework)}>{frameworkOf(offer)}</a>,
            sortBy: frameworkOf,
          },
          {
            title: words.role,
            show: ({ role }) => (role === undefined ? '' : <a href={linkTo('roles', role)}>{role}</a>),
            sortBy: ({ role = '' }) => role,
          },
          {
            title: words.agent,
            show: (offer) => <a href={linkTo('agents', offer.agent)}>{hostOf(offer)}</a>,
            sortBy: hostOf,
          },
          { title: words.seenFor, show: (offer) => words.seconds(ageOf(offer)), sortBy: ageOf },
          {
            title: words.resources,
            show: ({ resources }) => <span class="wide">{resourcesText(resources)}</span>,
            sortBy: ({ resources }) => sumByName(resources)['cpus'] ?? 0,
          },
        ]}
      />
    </>
  );
}

/** Mesos does not say when an offer was made: since when it is seen here. */
function useFirstSeen(offers: readonly OfferDetails[]): ReadonlyMap<string, number> {
  const seen = useRef(new Map<string, number>());
  seen.current = new Map(offers.map(({ id }) => [id, seen.current.get(id) ?? Date.now()]));
  return seen.current;
}
