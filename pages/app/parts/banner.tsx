import { useEffect, useRef, useState } from 'preact/hooks';
import type { SourceRow } from '../../picture/tables.ts';
import type { Known } from '../connection.ts';
import { useSeconds } from './use-seconds.ts';
import { time } from './when.tsx';
import { words } from '../words.ts';

const backMs = 10_000;

/** Since when there is none of it that is followed: the longest, by the server's clock; undefined: all is well. */
function troubledSince({ connection, connectionSince, ahead, picture }: Known): number | undefined {
  if (connection === 'lost') return connectionSince + ahead;
  const lost = [...picture.sources.values()].filter(({ state }) => state === 'lost');
  return lost.length === 0 ? undefined : Math.min(...lost.map(({ since }) => since));
}

/** Says what is not as it should be between the cluster and the reader, and when it is again. */
export function Banner({ known }: { readonly known: Known }) {
  const now = useSeconds() + known.ahead;
  const back = useBack(troubledSince(known), Date.now() + known.ahead);
  const { connection, connectionSince, ahead, picture } = known;
  if (connection === 'connecting') return <Note text={words.connecting} />;
  if (connection === 'lost') {
    const since = connectionSince + ahead;
    const text = `${words.serverLost} ${words.lostSince(time.format(since))}`;
    return <Note text={text} ticking={duration(now - since)} more={words.lastKnown} isBad />;
  }
  const all = [...picture.sources].filter(([, { state }]) => state !== 'following');
  // A lab that does not run is why nobody answers.
  const lab = all.filter(([id]) => id === 'lab');
  const troubles = lab.length > 0 ? lab : all;
  if (troubles.length === 0)
    return back === undefined ? null : <Note text={words.back(back < 1000 ? words.moment : duration(back))} isGood />;
  return (
    <>
      {troubles.map(([id, source]) => (
        <Trouble key={id} id={id} source={source} now={now} />
      ))}
    </>
  );
}

function Trouble({ id, source, now }: { readonly id: string; readonly source: SourceRow; readonly now: number }) {
  const { state, why = '', since, tried = [] } = source;
  const what = id === 'lab' ? words.lab : id === 'master' ? words.leadingMaster : words.marathon;
  const asked = tried.length === 0 ? '' : words.asked(tried.map((url) => url.replace(/^https?:\/\//, '')));
  const join = (...parts: readonly string[]) => parts.filter((each) => each !== '').join(' ');
  if (state === 'never') {
    return <Note text={words.looking(what)} ticking={duration(now - since)} more={join(why, asked)} />;
  }
  const text = join(`${what}: ${why}.`, words.lostSince(time.format(since)));
  return <Note text={text} ticking={duration(now - since)} more={join(asked, words.lastKnown)} isBad />;
}

/** How long the trouble took that is over, for a while after it. */
function useBack(since: number | undefined, now: number): number | undefined {
  const before = useRef<number | undefined>(undefined);
  const [took, setTook] = useState<number>();
  useEffect(() => {
    const began = before.current;
    before.current = since;
    if (began === undefined || since !== undefined) return undefined;
    setTook(now - began);
    const timer = setTimeout(() => {
      setTook(undefined);
    }, backMs);
    return () => {
      clearTimeout(timer);
    };
  }, [since === undefined]);
  return took;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return words.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? words.minutes(minutes) : words.hours(Math.round(minutes / 60));
}

interface NoteProps {
  readonly text: string;
  /** What changes each second: it is seen, and not read out again and again. */
  readonly ticking?: string;
  readonly more?: string;
  readonly isBad?: boolean;
  readonly isGood?: boolean;
}

const Note = ({ text, ticking, more = '', isBad = false, isGood = false }: NoteProps) => (
  <p class={`note ${isBad ? 'bad' : ''} ${isGood ? 'good' : ''}`} role="status">
    {text}
    {ticking !== undefined && <span aria-hidden="true"> ({ticking})</span>} {more}
  </p>
);
