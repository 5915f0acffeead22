import { useEffect, useState } from 'preact/hooks';
import type { FilePart } from '../../picture/details.ts';
import { bytesOf, FileReader, firstLine } from './follow-file.ts';
import type { Place } from './place.ts';
import { ask } from './use-asked.ts';

const again = 1000;
/** More of a file than this is not shown: its end is. */
export const mostCharacters = 1024 * 1024;
/** Where it is shown from is not known any more. */
export const leftOut = -1;
/** Before what is shown so much is read at once. */
const earlierBytes = 64 * 1024;
/** Colours of terminals. */
const colours = /\u001b\[[\d;]*m/g;

/** Follows a file for as long as it is shown, and the page is seen. */
export function useFile(place: Place, file: string) {
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState('');
  const [start, setStart] = useState(0);
  const query = new URLSearchParams({ ...place, file }).toString();
  const read = async (offset: number) => (await ask(`/page/file?${query}&offset=${offset}`)) as FilePart;
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const onText = (more: string) => {
      setText((before) => {
        const all = before + more.replaceAll(colours, '');
        if (all.length <= mostCharacters) return all;
        setStart(leftOut);
        return all.slice(-mostCharacters);
      });
    };
    const reader = new FileReader(read, { onText, onStart: setStart, onTrouble: setTrouble }, () => isOver);
    const look = async () => {
      const hasMore = !document.hidden && (await reader.step());
      if (!isOver) timer = setTimeout(() => void look(), hasMore ? 0 : again);
    };
    setText('');
    setStart(0);
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [query]);
  const readEarlier = () => {
    const offset = Math.max(0, start - earlierBytes);
    read(offset).then(
      (part) => {
        const bytes = bytesOf(part).subarray(0, start - offset);
        const skipped = firstLine(bytes, offset);
        setText((before) => new TextDecoder().decode(bytes.subarray(skipped)) + before);
        setStart(offset + skipped);
      },
      (error: unknown) => {
        setTrouble(error instanceof Error ? error.message : String(error));
      },
    );
  };
  return { text, trouble, start, readEarlier };
}
