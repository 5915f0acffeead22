import './mesos.css';
import type { FrameworkDetails } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { Facts, NotKnown, timeOf, Trouble } from '../mesos/facts.tsx';
import { AmountTable, sumByName } from '../mesos/resources.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { StateChip } from '../parts/chips.tsx';
import { TaskList } from '../parts/task-list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

const everyMs = 4000;

/** A framework: who it is, what it has, and its tasks. */
export function Framework({ known, id }: { readonly known: Known; readonly id: string }) {
  const row = known.picture.frameworks.get(id);
  const query = new URLSearchParams({ id }).toString();
  const { answer, trouble } = useAsked<FrameworkDetails>(
    row === undefined ? undefined : `/page/framework?${query}`,
    everyMs,
  );
  if (row === undefined) return <NotKnown what={words.framework} id={id} />;
  const labels = Object.entries(answer?.labels ?? {});
  return (
    <>
      <h2>
        {row.name} <StateChip state={row.state} />
      </h2>
      <p class="quiet">{id}</p>
      <Trouble trouble={trouble} />
      <div class="columns">
        <section class="panel" aria-label={words.framework}>
          <Facts
            facts={{
              [words.roles]: row.roles.map((role) => (
                <a key={role} href={linkTo('roles', role)}>
                  {role}
                </a>
              )),
              [words.user]: row.user,
              [words.principal]: answer?.principal,
              [words.host]: answer?.host,
              [words.page]:
                row.webUrl !== undefined && /^https?:/i.test(row.webUrl) ? (
                  <a href={row.webUrl} rel="noreferrer">
                    {row.webUrl}
                  </a>
                ) : undefined,
              [words.registered]: timeOf(answer?.registeredAt),
              [words.reregistered]:
                answer?.reregisteredAt === answer?.registeredAt ? undefined : timeOf(answer?.reregisteredAt),
              [words.ended]: timeOf(answer?.unregisteredAt),
              [words.failoverTimeout]: answer === undefined ? undefined : words.seconds(answer.failoverTimeout),
              [words.checkpoints]: answer === undefined ? undefined : answer.isCheckpointing ? words.yes : words.no,
              [words.capabilities]: answer?.capabilities.join(', '),
              [words.labels]: labels.map(([name, value]) => `${name}=${value}`).join(', '),
            }}
          />
        </section>
        {answer !== undefined && (
          <section class="panel" aria-label={words.resources}>
            <AmountTable
              name={words.resources}
              rows={[
                [words.used, sumByName(answer.allocated)],
                [words.offered, sumByName(answer.offered)],
              ]}
            />
            <p>
              <a href="#/offers">{words.offersOf(answer.offers)}</a>
            </p>
          </section>
        )}
      </div>
      <h3>{words.views.tasks}</h3>
      <TaskList known={known} of={{ framework: id }} />
    </>
  );
}
