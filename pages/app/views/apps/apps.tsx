import { useMemo, useState } from 'preact/hooks';
import type { Known } from '../../connection.ts';
import { appStates, stateOf, type AppState } from '../../marathon/app-state.ts';
import { groupsOf, treeRows, type Sums, type TreeRow } from '../../marathon/groups.ts';
import { linkTo } from '../../route.ts';
import { words } from '../../words.ts';
import './apps.css';
import { AppTree } from './app-tree.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { GroupActions } from './group-actions.tsx';
import { HealthBar } from './health-bar.tsx';
import { useGroups } from './use-groups.ts';

/** More apps than these are shown with their groups closed. */
const mostOpen = 100;

/** A group, `/` at first, and what is in it. */
export function Apps({ known, id }: { readonly known: Known; readonly id: string }) {
  const { apps, deployments } = known.picture;
  const info = useGroups(deployments);
  const groups = useMemo(() => groupsOf(apps, info.keys()), [apps, info]);
  const [wanted, setWanted] = useState('');
  const [state, setState] = useState<AppState>();
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const group = groups.get(id);
  const isFiltered = wanted !== '' || state !== undefined;
  const isOpenFirst = (group?.sums.apps ?? 0) <= mostOpen;
  const rows = useMemo(
    () =>
      isFiltered
        ? matching(apps, id, wanted, state)
        : treeRows(groups, apps, id, (each) => isOpenFirst !== turned.has(each)),
    [apps, groups, id, wanted, state, turned, isOpenFirst],
  );
  const turn = (each: string) => {
    setTurned((before) => new Set(before.has(each) ? [...before].filter((one) => one !== each) : [...before, each]));
  };
  const dependencies = info.get(id) ?? [];
  return (
    <>
      {id !== '/' && <Breadcrumbs id={id} />}
      {group === undefined && <p class="quiet">{words.ofApps.noGroup}</p>}
      {id !== '/' && group !== undefined && <Summary id={id} sums={group.sums} />}
      <GroupActions known={known} id={id} group={group} />
      {dependencies.length > 0 && (
        <p>
          {words.ofApps.dependsOn}{' '}
          {dependencies.map((each) => (
            <a key={each} href={linkTo('apps', apps.has(each) ? each : `${each}/`)}>
              {each}{' '}
            </a>
          ))}
        </p>
      )}
      {group !== undefined && group.sums.apps > 0 && (
        <div class="filters">
          <input
            type="search"
            placeholder={words.filter}
            aria-label={`${words.filter}: ${words.views.apps}`}
            value={wanted}
            onInput={({ currentTarget }) => {
              setWanted(currentTarget.value);
            }}
          />
          {appStates.map((each) => {
            const count = group.sums.states.get(each) ?? 0;
            return (
              (count > 0 || state === each) && (
                <button
                  key={each}
                  aria-pressed={state === each}
                  onClick={() => {
                    setState(state === each ? undefined : each);
                  }}
                >
                  {words.ofApps.states[each]} {count}
                </button>
              )
            );
          })}
        </div>
      )}
      <AppTree rows={rows} isFlat={isFiltered} onTurn={turn} empty={isFiltered ? words.noMatch : words.noApps} />
    </>
  );
}

const Summary = ({ id, sums }: { readonly id: string; readonly sums: Sums }) => (
  <>
    <h2>{id}</h2>
    <p class="summary">
      {words.apps(sums.apps)}, {words.of(String(sums.running), String(sums.instances))} {words.running}{' '}
      <HealthBar {...sums} />
    </p>
  </>
);

/** Apps below a group that have a text and a state, whichever groups are open. */
function matching(
  apps: Known['picture']['apps'],
  root: string,
  wanted: string,
  state: AppState | undefined,
): readonly TreeRow[] {
  const text = wanted.toLowerCase();
  return [...apps]
    .filter(([id, row]) => id.startsWith(root) && (state === undefined || stateOf(row) === state))
    .filter(([id, row]) => text === '' || `${id} ${row.what}`.toLowerCase().includes(text))
    .map(([id, row]) => ({ kind: 'app', id, depth: 0, row }) as const)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
