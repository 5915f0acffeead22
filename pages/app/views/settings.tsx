import './settings.css';
import { useEffect, useState } from 'preact/hooks';
import type { SettingRow } from '../../picture/tables.ts';
import { get } from '../requests.ts';
import { words } from '../words.ts';

/** What is set in the lab, role by role: each with its value, why it is that, and where that is from. */
export function Settings({ id }: { readonly id: string }) {
  const [rows, setRows] = useState<readonly SettingRow[]>();
  const [trouble, setTrouble] = useState('');
  const [wanted, setWanted] = useState(id);
  useEffect(() => {
    get('/page/settings').then(
      (found) => {
        setRows(found as readonly SettingRow[]);
      },
      (error: unknown) => {
        setTrouble(error instanceof Error ? error.message : String(error));
      },
    );
  }, []);
  if (trouble !== '') return <p class="note bad">{trouble}</p>;
  if (rows === undefined) return <p class="quiet">{words.ofSettings.reading}</p>;
  const found = rows.filter((row) => textOf(row).includes(wanted.trim().toLowerCase()));
  return (
    <div class="settings">
      <input
        type="search"
        placeholder={words.filter}
        aria-label={`${words.filter}: ${words.views.settings}`}
        value={wanted}
        onInput={({ currentTarget }) => {
          setWanted(currentTarget.value);
        }}
      />
      <p class="quiet" role="status">
        {words.ofSettings.count(found.length, rows.length)}
      </p>
      {[...Map.groupBy(found, ({ role }) => role)].map(([role, ofRole]) => (
        <section key={role} aria-label={titleOf(role)}>
          <h2>{titleOf(role)}</h2>
          <dl>
            {ofRole.map((row) => (
              <Setting key={row.name} row={row} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

const titleOf = (role: string) => (role === '' ? words.ofSettings.lab : role);

const textOf = ({ name, role, values, why }: SettingRow) =>
  [name, role, why, ...values.map(({ value }) => value)].join('\n').toLowerCase();

const Setting = ({ row: { name, values, why, source } }: { readonly row: SettingRow }) => (
  <div class="setting">
    <dt>{name}</dt>
    {values.map(({ value, components }) => (
      <dd key={value} class="value">
        {value === '' ? <span class="quiet">{words.ofSettings.empty}</span> : <code>{value}</code>}
        {values.length > 1 && <span class="quiet"> {words.ofSettings.of(components)}</span>}
      </dd>
    ))}
    <dd class="why">
      {why}
      <p class="quiet">{words.ofSettings.source(source)}</p>
    </dd>
  </div>
);
