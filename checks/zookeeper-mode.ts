import { connect } from 'node:net';

/** What a ZooKeeper says of itself: `leader`, `follower`, `observer`, `standalone`. */
export interface ZookeeperAnswer {
  /** Undefined when it serves nobody ("This ZooKeeper instance is not currently serving requests"). */
  readonly mode?: string;
  readonly version?: string;
  readonly text: string;
}

const maxAnswerBytes = 65_536;

/**
 * Asks a ZooKeeper with the four-letter word `srvr`, the only one that is allowed by default
 * (zookeeperAdmin, 4lw.commands.whitelist).
 * @throws Error when there is no answer in time; the signal's reason when it aborts
 */
export function askZookeeper(
  host: string,
  port: number,
  signal: AbortSignal,
  timeoutMs = 3000,
): Promise<ZookeeperAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host, port });
    let text = '';
    const finish = (error?: Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      if (error === undefined) resolve(parse(text));
      else reject(error);
    };
    const abort = () => {
      finish(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      finish(new Error(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    signal.addEventListener('abort', abort);
    socket.on('error', finish);
    socket.once('connect', () => socket.write('srvr'));
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > maxAnswerBytes) finish(new Error('an answer that is not of a ZooKeeper'));
    });
    socket.once('end', () => {
      finish();
    });
  });
}

function parse(text: string): ZookeeperAnswer {
  const mode = /^Mode: (\w+)/m.exec(text)?.[1];
  const version = /^Zookeeper version: ([\w.]+)/m.exec(text)?.[1];
  return { text, ...(mode === undefined ? {} : { mode }), ...(version === undefined ? {} : { version }) };
}
