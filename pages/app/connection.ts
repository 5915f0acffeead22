import { lostNow, type LostAgents } from '../picture/lost-agents.ts';
import { applyMessage, emptyPicture, type Picture } from '../picture/picture.ts';
import { hasToken } from './requests.ts';
import type { Message } from '../picture/tables.ts';

/** What the page shows at a moment. */
export interface Known {
  readonly picture: Picture;
  readonly taskCount: number;
  /** Agents that were there a moment ago, by their addresses. */
  readonly lost: LostAgents;
  /** The reader may change apps. */
  readonly mayChange: boolean;
  /** To the server of the page, not to the cluster. */
  readonly connection: 'connecting' | 'open' | 'lost';
  /** When that began, by this machine's clock. */
  readonly connectionSince: number;
  /** The server's clock less this one's, ms. */
  readonly ahead: number;
}

type Listener = (known: Known) => void;

const silenceMs = 12_000;
const retryMs = 1000;
/** A picture of more agents than these is drawn less often, so that whoever clicks need not wait for it. */
const manyAgents = 1000;
const manyMs = 300;
/** A page that is hidden has no frames: what it heard is taken in all the same, so that it does not pile up. */
const hiddenMs = 500;

/** Follows the server of the page for as long as the page is open; whatever breaks is tried again. */
export function connect(listener: Listener): void {
  let known: Known = {
    ...{ picture: emptyPicture, taskCount: 0, lost: new Map(), mayChange: false, ahead: 0 },
    ...{ connection: 'connecting', connectionSince: Date.now() },
  };
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const change = (next: Partial<Known>) => {
    known = { ...known, ...next };
    listener(known);
  };
  const take = inFrames<Message>(
    (messages) => {
      change(messages.reduce(takeMessage, known));
    },
    () => (known.picture.agents.size > manyAgents ? manyMs : 0),
  );
  const open = () => {
    const source = new EventSource('/page/changes');
    const giveUp = () => {
      clearTimeout(watchdog);
      source.close();
      if (known.connection !== 'lost') change({ connection: 'lost', connectionSince: Date.now() });
      setTimeout(open, retryMs);
    };
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, silenceMs);
    };
    alive();
    source.addEventListener('heartbeat', () => {
      alive();
      const { agents } = known.picture;
      const lost = lostNow(known.lost, agents, agents, Date.now());
      if (lost !== known.lost) change({ lost });
    });
    source.addEventListener('error', giveUp);
    source.addEventListener('message', ({ data }) => {
      alive();
      take(JSON.parse(String(data)) as Message);
    });
  };
  listener(known);
  open();
}

function takeMessage(known: Known, message: Message): Known {
  const picture = applyMessage(known.picture, message);
  const now = Date.now();
  return {
    picture,
    taskCount: message.taskCount,
    lost: lostNow(known.lost, known.picture.agents, picture.agents, now),
    mayChange: message.changing === 'open' || (message.changing === 'token' && hasToken()),
    ahead: message.now - now,
    connection: 'open',
    connectionSince: known.connection === 'open' ? known.connectionSince : now,
  };
}

/** Gathers what comes until the next frame is drawn, or the one after a pause: more often nobody sees it. */
function inFrames<Item>(take: (items: readonly Item[]) => void, pauseMs: () => number): (item: Item) => void {
  let gathered: Item[] = [];
  const takeAll = () => {
    const items = gathered;
    gathered = [];
    if (items.length > 0) take(items);
  };
  return (item) => {
    if (gathered.push(item) > 1) return;
    setTimeout(() => requestAnimationFrame(takeAll), pauseMs());
    setTimeout(takeAll, hiddenMs);
  };
}
