import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../requests.ts';
import { words } from '../words.ts';

const again = 1000;
/** More of a file than this is not shown: its end is. */
const mostCharacters = 256 * 1024;
/** Where a long file begins to be shown, before its end. */
const tailBytes = 64 * 1024;

interface Part {
  readonly data: string;
  readonly offset: number;
  /** Where the next part begins. */
  readonly next: number;
}

/** The end of a file in a sandbox, and what comes to it, as text and nothing but text. */
export function FileView({ task, file }: { readonly task: string; readonly file: string }) {
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState('');
  const [follows, setFollows] = useState(true);
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    let isOver = false;
    let offset: number | undefined;
    let timer: ReturnType<typeof setTimeout>;
    const read = async (at: number) =>
      (await get(`/page/file?${new URLSearchParams({ task, file, offset: String(at) }).toString()}`)) as Part;
    const look = async () => {
      try {
        offset ??= Math.max(0, (await read(-1)).offset - tailBytes);
        const { data, next } = await read(offset);
        if (isOver) return;
        offset = next;
        setTrouble('');
        if (data !== '') setText((before) => (before + data).slice(-mostCharacters));
      } catch (error) {
        if (!isOver) setTrouble(error instanceof Error ? error.message : '');
      }
      if (!isOver) timer = setTimeout(() => void look(), again);
    };
    setText('');
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [task, file]);
  useEffect(() => {
    if (follows && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [text, follows]);
  return (
    <figure class="file">
      <figcaption>
        {file}{' '}
        <label>
          <input
            type="checkbox"
            checked={follows}
            onChange={({ currentTarget }) => {
              setFollows(currentTarget.checked);
            }}
          />{' '}
          {words.follow}
        </label>
      </figcaption>
      {trouble !== '' && <p class="note">{trouble}</p>}
      <pre ref={box} tabIndex={0} aria-label={file}>
        {text === '' ? words.empty : text}
      </pre>
    </figure>
  );
}
