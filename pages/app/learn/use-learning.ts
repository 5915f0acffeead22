import { useEffect, useState } from 'preact/hooks';
import type { Doing, Learning, LessonAction } from '../../picture/learning.ts';
import { get, send } from '../requests.ts';

/** What is known of the lessons, and what is done with them. */
export interface Learner {
  /** Undefined: it was not read yet. */
  readonly learning: Learning | undefined;
  /** What goes on, here or in another window; nothing else is begun meanwhile. */
  readonly doing: Doing | undefined;
  /** Why nothing came of it; empty: something did. */
  readonly trouble: string;
  /** How often something was begun here. */
  readonly acts: number;
  readonly act: (action: LessonAction) => void;
}

const askMs = 1000;
const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Reads the lessons of the lab, and again when the reader comes back: perhaps from a terminal.
 * @param isWanted until then nothing is asked
 */
export function useLearning(isWanted: boolean): Learner {
  const [learning, setLearning] = useState<Learning>();
  const [doing, setDoing] = useState<Doing>();
  const [isOwn, setIsOwn] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [acts, setActs] = useState(0);
  const take = (found: Learning) => {
    setLearning(found);
    setDoing(found.doing);
    setTrouble('');
  };
  const fail = (error: unknown) => {
    setTrouble(textOf(error));
  };
  const read = () =>
    get('/page/learn').then((found) => {
      take(found as Learning);
    }, fail);
  const act = (action: LessonAction) => {
    if (doing !== undefined) return;
    setIsOwn(true);
    setActs((before) => before + 1);
    setDoing({ action: action.do, since: Date.now(), said: '' });
    void send('POST', '/page/learn', JSON.stringify(action))
      .then(
        (text) => {
          take(JSON.parse(text) as Learning);
        },
        async (error: unknown) => {
          setDoing(undefined);
          // Another window may have begun something, and what was asked for may go on.
          await read();
          fail(error);
        },
      )
      .finally(() => {
        setIsOwn(false);
      });
  };
  const isIdle = doing === undefined;
  useEffect(() => {
    if (!isWanted || !isIdle) return undefined;
    const again = () => {
      if (!document.hidden) void read();
    };
    if (learning === undefined) again();
    addEventListener('focus', again);
    return () => {
      removeEventListener('focus', again);
    };
  }, [isWanted, isIdle]);
  useEffect(() => {
    if (isIdle) return undefined;
    const timer = setInterval(() => {
      get('/page/learn/doing').then(
        (answer) => {
          const now = (answer as { readonly doing?: Doing }).doing;
          if (now !== undefined) setDoing(now);
          // What another window has begun is over.
          else if (!isOwn) void read();
        },
        () => undefined,
      );
    }, askMs);
    return () => {
      clearInterval(timer);
    };
  }, [isIdle, isOwn]);
  return { learning, doing, trouble, acts, act };
}
