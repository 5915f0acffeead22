import { useState } from 'preact/hooks';
import type { AppRow, Waiting } from '../../../picture/tables.ts';
import type { Known } from '../../connection.ts';
import { useSeconds } from '../../parts/use-seconds.ts';
import { change } from '../../requests.ts';
import { scrollable } from '../../parts/scrollable.ts';
import { words } from '../../words.ts';

interface WaitingProps {
  readonly known: Known;
  readonly id: string;
  readonly row: AppRow;
  readonly waiting: Waiting;
}

/** Why instances of an app do not start: offers that did not fit, or a delay after failures. */
export function WhyWaiting({ known, id, row, waiting }: WaitingProps) {
  const { count, until, lacks } = waiting;
  return (
    <section class="note">
      <h3>{words.ofApps.waits(count)}</h3>
      {until !== undefined && <Delay known={known} id={id} until={until} />}
      {lacks.length === 0 && until === undefined && <p>{words.ofApps.noOffer}</p>}
      {lacks.length > 0 && (
        <div {...scrollable(words.why)}>
          <table class="lacks" aria-label={words.why}>
            <thead>
              <tr>
                <th scope="col">{words.ofApps.offers}</th>
                <th scope="col">{words.ofApps.lack}</th>
                <th scope="col">{words.ofApps.wanted}</th>
              </tr>
            </thead>
            <tbody>
              {lacks.map(({ reason, declined, processed }) => (
                <tr key={reason}>
                  <td>
                    <meter
                      min={0}
                      max={processed}
                      value={declined}
                      aria-label={words.ofApps.offersOf(declined, processed)}
                    />{' '}
                    {words.ofApps.offersOf(declined, processed)}
                  </td>
                  <td>{words.ofApps.reason(reason)}</td>
                  <td>{words.ofApps.wants(reason, row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {/* Which ports and constraints it wants: the words of `verify` name them. */}
      {waiting.why !== undefined && lacks.some(({ reason }) => words.ofApps.wants(reason, row) === '') && (
        <p class="quiet">{waiting.why}</p>
      )}
    </section>
  );
}

/** Counts down, and may be ended. */
function Delay({ known, id, until }: { readonly known: Known; readonly id: string; readonly until: number }) {
  const [trouble, setTrouble] = useState('');
  const left = Math.max(0, Math.ceil((until - useSeconds() - known.ahead) / 1000));
  return (
    <p>
      {words.ofApps.delayed(left)}{' '}
      {known.mayChange && (
        <button
          onClick={() => {
            change('DELETE', `/v2/queue${id}/delay`).then(
              () => {
                setTrouble('');
              },
              (error: unknown) => {
                setTrouble(error instanceof Error ? error.message : '');
              },
            );
          }}
        >
          {words.ofApps.tryNow}
        </button>
      )}
      {trouble !== '' && <span role="alert"> {trouble}</span>}
    </p>
  );
}
