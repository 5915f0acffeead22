import type { Known } from '../connection.ts';
import { useSeconds } from './use-seconds.ts';
import { words } from '../words.ts';

/** Says what is not as it should be between the cluster and the reader. */
export function Banner({ known }: { readonly known: Known }) {
  const now = useSeconds() + known.ahead;
  if (known.connection === 'connecting') return <Note text={words.connecting} />;
  if (known.connection === 'lost') return <Note text={words.serverLost} isBad />;
  const troubles = [...known.picture.sources].flatMap(([id, { state, why = '', since }]) => {
    const what = id === 'master' ? words.leadingMaster : words.marathon;
    if (state === 'never') return [<Note key={id} text={words.looking(what)} />];
    if (state === 'following') return [];
    const seconds = Math.max(0, Math.round((now - since) / 1000));
    return [<Note key={id} text={`${what}: ${words.lost(seconds, why)}`} isBad />];
  });
  return <>{troubles}</>;
}

const Note = ({ text, isBad = false }: { readonly text: string; readonly isBad?: boolean }) => (
  <p class={isBad ? 'note bad' : 'note'} role="status">
    {text}
  </p>
);
