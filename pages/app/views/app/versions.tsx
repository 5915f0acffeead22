import { useState } from 'preact/hooks';
import { listAt } from '../../../../protocol/json.ts';
import type { AppRow } from '../../../picture/tables.ts';
import type { Known } from '../../connection.ts';
import { definitionIn, jsonOf, sortedJsonOf, type Definition } from '../../marathon/definition.ts';
import { lineDiff } from '../../marathon/line-diff.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { List } from '../../parts/list.tsx';
import { When } from '../../parts/when.tsx';
import { change } from '../../requests.ts';
import { words } from '../../words.ts';
import { pathOf, useAnswer } from './use-app.ts';

interface VersionsProps {
  readonly known: Known;
  readonly id: string;
  readonly row: AppRow;
  /** As it is now. */
  readonly definition: Definition;
}

/** All versions of an app, how one differs from that of now, and the way back to it. */
export function Versions({ known, id, row, definition }: VersionsProps) {
  const path = pathOf(id, row);
  const versionsPath = row.isPod ? `${path}::versions` : `${path}/versions`;
  const { said, trouble } = useAnswer(versionsPath, row.version);
  const [chosen, setChosen] = useState<string>();
  const [isAsking, setIsAsking] = useState(false);
  const found = row.isPod ? listAt(said) : listAt(said, 'versions');
  const versions = found
    .filter((each) => typeof each === 'string')
    .sort()
    .reverse();
  const looked = useAnswer(chosen === undefined ? undefined : `${versionsPath}/${encodeURIComponent(chosen)}`);
  const then = definitionIn(looked.said);
  return (
    <>
      {(trouble ?? looked.trouble) !== undefined && <p class="note bad">{trouble ?? looked.trouble}</p>}
      <List
        name={words.versions}
        rows={versions}
        keyOf={(version) => version}
        empty={said === undefined ? words.ofApps.asking : words.ofApps.noVersions}
        columns={[
          { title: words.ofApps.version, show: (version) => <When at={version} /> },
          {
            title: words.ofApps.doing,
            show: (version) =>
              version === row.version ? (
                <span class="chip running">{words.ofApps.current}</span>
              ) : (
                <button
                  class="small"
                  aria-pressed={version === chosen}
                  aria-label={words.ofApps.compareIt(version)}
                  onClick={() => {
                    setChosen(version === chosen ? undefined : version);
                  }}
                >
                  {words.ofApps.compare}
                </button>
              ),
          },
        ]}
      />
      {chosen !== undefined && looked.said !== undefined && (
        <section>
          <h3>
            <When at={chosen} />{' '}
            {known.mayChange && (
              <button
                class="small"
                onClick={() => {
                  setIsAsking(true);
                }}
              >
                {words.ofApps.rollBack}
              </button>
            )}
          </h3>
          <Difference before={sortedJsonOf(then)} after={sortedJsonOf(definition)} />
        </section>
      )}
      {isAsking && chosen !== undefined && (
        <Dialog
          title={`${words.ofApps.rollBack}: ${id}`}
          doing={words.ofApps.rollBack}
          act={(isForced) =>
            change('PUT', path, row.isPod ? jsonOf(then) : JSON.stringify({ version: chosen }), isForced)
          }
          onClose={() => {
            setIsAsking(false);
          }}
        >
          <p>{words.ofApps.sureRollBack(id, chosen)}</p>
        </Dialog>
      )}
    </>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;

function Difference({ before, after }: { readonly before: string; readonly after: string }) {
  const lines = lineDiff(before, after);
  const isSame = lines.every(({ kind }) => kind === 'same');
  return (
    <>
      <p class="quiet">{isSame ? words.ofApps.sameAsNow : words.ofApps.difference}</p>
      <pre class="diff" tabIndex={0} aria-label={words.ofApps.difference}>
        {lines.map(({ kind, text }, index) => (
          <div key={index} class={kind}>
            {signs[kind]} {text}
          </div>
        ))}
      </pre>
    </>
  );
}
