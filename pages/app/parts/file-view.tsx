import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { findIn, marked } from '../mesos/file-text.tsx';
import { downloadOf, type Place } from '../mesos/place.ts';
import { leftOut, mostCharacters, useFile } from '../mesos/use-file.ts';
import { words } from '../words.ts';

interface FileViewProps {
  readonly place: Place;
  /** Below the place; empty: it is the place itself. */
  readonly file: string;
  readonly name: string;
  readonly onClose?: () => void;
}

/** The end of a file, and what comes to it, as text and nothing but text. */
export function FileView({ place, file, name, onClose }: FileViewProps) {
  const { text, trouble, start, readEarlier } = useFile(place, file);
  const [follows, setFollows] = useState(true);
  const [wraps, setWraps] = useState(true);
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => findIn(text, wanted), [text, wanted]);
  const box = useRef<HTMLPreElement>(null);
  const lastTop = useRef(0);
  useEffect(() => {
    if (follows && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [text, follows]);
  useEffect(() => {
    if (wanted !== '') box.current?.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, wanted]);
  const choose = (step: number) => {
    setFollows(false);
    if (found.length > 0) setChosen((before) => (before + step + found.length) % found.length);
  };
  return (
    <figure class="file">
      <figcaption>
        <b>{name}</b>
        <input
          type="search"
          placeholder={words.find}
          aria-label={words.findIn(name)}
          value={wanted}
          onInput={({ currentTarget }) => {
            setFollows(false);
            setChosen(0);
            setWanted(currentTarget.value);
          }}
          onKeyDown={({ key, shiftKey }) => {
            if (key === 'Enter') choose(shiftKey ? -1 : 1);
          }}
        />
        {wanted !== '' && (
          <span class="found" role="status">
            {words.foundAt(found.length === 0 ? 0 : chosen + 1, found.length)}
          </span>
        )}
        <Check name={words.follow} isOn={follows} set={setFollows} />
        <Check name={words.wrap} isOn={wraps} set={setWraps} />
        <a href={downloadOf(place, file)} download>
          {words.download}
        </a>
        {onClose !== undefined && (
          <button class="link" onClick={onClose} aria-label={words.closeFile(name)}>
            {words.close}
          </button>
        )}
      </figcaption>
      {trouble !== '' && <p class="note">{trouble}</p>}
      {start === leftOut && <p class="quiet">{words.leftOut}</p>}
      {start > 0 && text.length < mostCharacters && (
        <button class="link" onClick={readEarlier}>
          {words.earlier(start)}
        </button>
      )}
      <pre
        ref={box}
        tabIndex={0}
        aria-label={name}
        class={wraps ? '' : 'unwrapped'}
        onScroll={({ currentTarget: { scrollTop } }) => {
          if (scrollTop < lastTop.current) setFollows(false);
          lastTop.current = scrollTop;
        }}
      >
        {text === '' ? (trouble === '' ? words.empty : '') : marked(text, found, wanted.length, chosen)}
      </pre>
    </figure>
  );
}

const Check = (props: { readonly name: string; readonly isOn: boolean; readonly set: (isOn: boolean) => void }) => (
  <label>
    <input
      type="checkbox"
      checked={props.isOn}
      onChange={({ currentTarget }) => {
        props.set(currentTarget.checked);
      }}
    />{' '}
    {props.name}
  </label>
);
