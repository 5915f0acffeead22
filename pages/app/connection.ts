import { applyMessage, emptyPicture, type Picture } from '../picture/picture.ts';
import { hasToken } from './requests.ts';
import type { Message } from '../picture/tables.ts';

/** What the page shows at a moment. */
export interface Known {
  readonly picture: Picture;
  readonly taskCount: number;
  /** Of the server of the page, not of the cluster. */
  /** The reader may change apps. */
  readonly mayChange: boolean;
  readonly connection: 'connecting' | 'open' | 'lost';
  /** The server's clock less this one's, ms. */
  readonly ahead: number;
}

type Listener = (known: Known) => void;

const silenceMs = 12_000;
const retryMs = 1000;

/** Follows the server of the page for as long as the page is open; whatever breaks is tried again. */
export function connect(listener: Listener): void {
  let known: Known = { picture: emptyPicture, taskCount: 0, mayChange: false, connection: 'connecting', ahead: 0 };
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const change = (next: Partial<Known>) => {
    known = { ...known, ...next };
    listener(known);
  };
  const open = () => {
    const source = new EventSource('/page/changes');
    const giveUp = () => {
      clearTimeout(watchdog);
      source.close();
      change({ connection: 'lost' });
      setTimeout(open, retryMs);
    };
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, silenceMs);
    };
    alive();
    source.addEventListener('heartbeat', alive);
    source.addEventListener('error', giveUp);
    source.addEventListener('message', ({ data }) => {
      alive();
      const message = JSON.parse(String(data)) as Message;
      change({
        picture: applyMessage(known.picture, message),
        taskCount: message.taskCount,
        mayChange: message.changing === 'open' || (message.changing === 'token' && hasToken()),
        ahead: message.now - Date.now(),
        connection: 'open',
      });
    });
  };
  listener(known);
  open();
}
