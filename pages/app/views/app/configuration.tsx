import { useState } from 'preact/hooks';
import { jsonOf, settingsOf, type Definition } from '../../marathon/definition.ts';
import { scrollable } from '../../parts/scrollable.ts';
import { words } from '../../words.ts';

/** What an app is made of: as a table, and as JSON. */
export function Configuration({ definition }: { readonly definition: Definition }) {
  const json = jsonOf(definition);
  return (
    <>
      <div {...scrollable(words.ofApps.tabs.configuration)}>
        <table class="settings" aria-label={words.ofApps.tabs.configuration}>
          <tbody>
            {settingsOf(definition).map(({ name, lines }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  {lines.map((line, index) => (
                    <div key={index}>{line}</div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>
        {words.ofApps.wholeJson} <Copy text={json} />
      </h3>
      <pre tabIndex={0} aria-label={words.ofApps.wholeJson}>
        {json}
      </pre>
    </>
  );
}

function Copy({ text }: { readonly text: string }) {
  const [said, setSaid] = useState('');
  return (
    <>
      <button
        class="small"
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => {
              setSaid(words.ofApps.copied);
            },
            () => {
              setSaid(words.ofApps.notCopied);
            },
          );
        }}
      >
        {words.ofApps.copy}
      </button>{' '}
      <span class="quiet" role="status">
        {said}
      </span>
    </>
  );
}
