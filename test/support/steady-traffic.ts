import { Agent, get } from 'node:http';
import { onTestFinished } from 'vitest';

/** Answers, in the order in which they were asked for: what was said, or why there is none. */
export interface Traffic {
  /** Those to what was asked since the last time. */
  readonly take: () => Promise<readonly string[]>;
  /** Asks no more. */
  readonly end: () => void;
}

const perSecond = 200;
const tickMs = 20;
/** So many connections at once: more would not fit into the queue of a listener whose process the machine lets wait. */
const mostConnections = 100;

/** Asks a URL 200 times a second, over a connection of its own each time, whatever has not been answered yet. */
export function steadyTraffic(url: string): Traffic {
  let answers: string[] = [];
  const running = new Set<Promise<void>>();
  const agent = new Agent({ maxSockets: mostConnections });
  const start = performance.now();
  let asked = 0;
  const ask = () => {
    const index = answers.push('no answer') - 1;
    const list = answers;
    const one = answerOf(url, agent).then((text) => {
      list[index] = text;
    });
    running.add(one);
    void one.finally(() => running.delete(one));
  };
  const timer = setInterval(() => {
    // A tick that came late is made up for.
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond);
    for (; asked < due; asked++) ask();
  }, tickMs);
  onTestFinished(() => {
    clearInterval(timer);
  });
  return {
    take: async () => {
      const taken = answers;
      answers = [];
      await Promise.all(running);
      return taken;
    },
    end: () => {
      clearInterval(timer);
    },
  };
}

function answerOf(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('error', (error) => {
        resolve(`broken off: ${error.message}`);
      });
      answer.once('end', () => {
        resolve(answer.statusCode === 200 ? text : `${answer.statusCode ?? 0} ${text}`);
      });
    });
    request.once('error', (error) => {
      resolve(`failed: ${error.message}`);
    });
  });
}
