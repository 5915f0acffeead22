import type { IncomingMessage } from 'node:http';
import { RecordIoDecoder } from '../protocol/record-io.ts';
import { answerBytes } from './answer-bytes.ts';
import { requestTo } from './request-to.ts';

/** What a master is asked with. */
export interface MasterQuestion {
  /** `http://127.0.0.1:5050` */
  readonly url: string;
  readonly authorization?: string | undefined;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** For an answer to begin, and to go on. */
  readonly silenceMs: number;
}

/** An answer that is none of what was asked for: another status. */
export class MasterStatus extends Error {
  constructor(
    url: string,
    readonly status: number,
    /** Where the leader is, if the answer leads there. */
    readonly location: string | undefined,
  ) {
    super(`${url} answers ${status}`);
  }
}

/** It is there, perhaps, and does not go on. */
export class MasterSilence extends Error {
  constructor(url: string, ms: number) {
    super(`${url} is silent for ${ms / 1000} s`);
  }
}

interface Sent {
  readonly answer: IncomingMessage;
  /** Another time for its silence. */
  readonly expectWithin: (ms: number) => void;
}

function send(question: MasterQuestion, path: string, body?: string): Promise<Sent> {
  const { url, signal, silenceMs, authorization, userAgent } = question;
  return new Promise((resolve, reject) => {
    const headers = {
      Accept: 'application/json',
      'User-Agent': userAgent,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const asked = requestTo(new URL(path, url), { method, agent: false, signal, headers });
    const expectWithin = (ms: number) => {
      asked.setTimeout(ms, () => asked.destroy(new MasterSilence(url, ms)));
    };
    expectWithin(silenceMs);
    asked.on('error', reject);
    asked.once('response', (answer) => {
      answer.on('error', () => undefined);
      if (answer.statusCode === 200) {
        resolve({ answer, expectWithin });
        return;
      }
      answer.resume();
      asked.destroy();
      reject(new MasterStatus(url, answer.statusCode ?? 0, answer.headers.location));
    });
    asked.end(body);
  });
}

/** A state of 10,000 tasks has some 20 MB. */
const mostBytes = 512 * 1024 * 1024;

/** @throws Error, MasterStatus for an answer other than 200 */
export async function readFromMaster(question: MasterQuestion, path: string): Promise<unknown> {
  const { answer } = await send(question, path);
  return JSON.parse((await answerBytes(answer, mostBytes, question.url)).toString('utf8')) as unknown;
}

/** Three heartbeats of Mesos (DEFAULT_HEARTBEAT_INTERVAL is 15 s). */
const heartbeatsMs = 45_000;

/**
 * Follows a master by SUBSCRIBE of the operator API.
 * @returns when the stream has ended by itself
 * @throws Error, MasterStatus for an answer other than 200
 */
export async function followMaster(question: MasterQuestion, onEvent: (event: unknown) => void): Promise<void> {
  const { answer, expectWithin } = await send(question, '/api/v1', JSON.stringify({ type: 'SUBSCRIBE' }));
  // The first event of a large cluster is made for longer than any other answer.
  expectWithin(Math.max(heartbeatsMs, question.silenceMs));
  const decoder = new RecordIoDecoder(mostBytes);
  for await (const bytes of answer as AsyncIterable<Buffer>) {
    for (const record of decoder.push(bytes)) onEvent(JSON.parse(record) as unknown);
  }
}
