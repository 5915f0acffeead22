import fc from 'fast-check';
import { encodeMessage } from '../../protocol/protobuf/encode-message.ts';
import type { Json } from '../../protocol/mesos.ts';
import { encodeByteRecord } from '../../protocol/record-io.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import type { Random } from '../engine/invariant/random.ts';
import { anyMessage } from '../protocol/protobuf/any-message.ts';
import { endpoints, type Component, type Endpoint } from './endpoints.ts';
import { changed, hostileTexts } from './hostile.ts';

export interface FuzzRequest {
  readonly component: Component;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Ids of what is there, by the word that stands for them in endpoints.ts. */
export type Ids = Readonly<Record<'framework' | 'stream' | 'offer' | 'agent' | 'spare' | 'task' | 'app', string>>;

const components: readonly Component[] = ['master', 'master', 'master', 'marathon', 'marathon', 'agent', 'balancer'];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const json = 'application/json';
const protobuf = 'application/x-protobuf';
const mediaTypes = [
  json,
  json,
  protobuf,
  'application/recordio',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
];
const accepts = [json, protobuf, 'application/recordio', '*/*', 'text/event-stream', 'text/html', 'a;q=0,,/', json];

/** Headers that change what is done with a request, right and wrong. */
const oddHeaders: readonly Readonly<Record<string, string>>[] = [
  { Host: 'evil.example' },
  { Origin: 'http://evil.example' },
  { Connection: 'close' },
  { 'Mesos-Stream-Id': 'x' },
  { 'Message-Content-Type': protobuf, 'Message-Accept': json },
  { 'Accept-Encoding': 'gzip' },
  { 'If-Modified-Since': 'Mon, 01 Jan 2040 00:00:00 GMT', 'If-None-Match': '*' },
  { Expect: '100-continue' },
  { 'X-Long': 'x'.repeat(6000) },
  { Authorization: 'Basic Og==', Cookie: 'a=b', Referer: 'http://evil.example/', Via: '1.1 localhost:1' },
  { 'Libprocess-From': 'x@127.0.0.1:1' },
];

/** Messages as protobuf describes them; making one takes longer than all else that is done with it. */
const messages: Readonly<Record<string, readonly JsonObject[]>> = Object.fromEntries(
  ['scheduler.Call', 'master.Call', 'agent.Call'].map((name) => [
    name,
    fc.sample(anyMessage(name), { numRuns: 100, seed: 1 }),
  ]),
);

export class Requests {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }

  next(ids: Ids): FuzzRequest {
    const random = this.#random;
    const component = random.oneOf(components);
    const all = endpoints[component];
    const changing = all.filter(({ bodies }) => bodies !== undefined);
    const endpoint = random.oneOf(changing.length > 0 && random.chance(0.6) ? changing : all);
    const isUsual = random.chance(0.85);
    const method = random.oneOf(isUsual ? endpoint.methods : methods);
    const { body, type } =
      method === 'GET' && isUsual ? { body: new Uint8Array(), type: '' } : this.#body(endpoint, ids);
    const contentType = random.chance(0.9) ? type : random.oneOf(mediaTypes);
    return {
      ...{ component, method, body },
      target: this.#target(endpoint, ids),
      headers: {
        ...(contentType !== '' && { 'Content-Type': contentType }),
        Accept: random.oneOf(accepts),
        ...(endpoint.call === 'scheduler.Call' && random.chance(0.6) && { 'Mesos-Stream-Id': ids.stream }),
        ...(random.chance(0.1) && random.oneOf(oddHeaders)),
      },
    };
  }

  #put(text: string, ids: Ids): string {
    return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      if (name === 'random')
        return this.#random.chance(0.8) ? `r${this.#random.below(30)}` : this.#random.oneOf(hostileTexts);
      return Object.hasOwn(ids, name) ? ids[name as keyof Ids] : whole;
    });
  }

  /** Mostly well-formed, as requests with odd bytes do not get to a handler: those are sent by broken-requests.ts. */
  #target({ path }: Endpoint, ids: Ids): string {
    const random = this.#random;
    const [bare = '', query] = path.split('?', 2);
    const put = (text: string) => text.replaceAll(/\{\w+\}/g, (word) => encode(this.#put(word, ids)));
    let target = put(bare);
    if (random.chance(0.05))
      target += random.oneOf(['/', '//', '/x', '/..', '%2F', '%ff', '%', '::status', '/versions']);
    if (random.chance(0.03)) target = target.replace('/', random.oneOf(['//', '/./', '/%2e%2e/', 'http://x/']));
    const extra = random.chance(0.1)
      ? `${random.oneOf(['jsonp', 'force', 'path'])}=${encode(random.oneOf(hostileTexts))}`
      : '';
    const search = [query === undefined ? '' : put(query), extra].filter((part) => part !== '').join('&');
    return search === '' ? target : `${target}?${search}`;
  }

  #body(endpoint: Endpoint, ids: Ids): { readonly body: Uint8Array; readonly type: string } {
    const random = this.#random;
    const { bodies = [{}], call, isForm } = endpoint;
    const template =
      call !== undefined && random.chance(0.3) ? random.oneOf(messages[call] ?? []) : random.oneOf(bodies);
    let value: Json = JSON.parse(this.#putIntoJson(template, ids)) as Json;
    for (let count = random.chance(0.4) ? 0 : 1 + random.below(2); count > 0; count -= 1)
      value = changed(value, random);
    if (isForm === true)
      return {
        body: this.#cut(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))),
        type: 'application/x-www-form-urlencoded',
      };
    if (call !== undefined && random.chance(0.4)) {
      const bytes = this.#protobuf(call, value);
      if (random.chance(0.15)) return { body: encodeByteRecord(bytes), type: 'application/recordio' };
      return { body: bytes, type: protobuf };
    }
    const text = Buffer.from(JSON.stringify(value));
    if (random.chance(0.05)) return { body: this.#cut(encodeByteRecord(text) as Buffer), type: 'application/recordio' };
    return { body: random.chance(0.1) ? this.#cut(text) : text, type: json };
  }

  #putIntoJson(template: Json, ids: Ids): string {
    return JSON.stringify(template, (_, value: unknown) => (typeof value === 'string' ? this.#put(value, ids) : value));
  }

  /** The message in protobuf, as far as it is one; at times with some bytes changed or cut off. */
  #protobuf(name: string, value: Json): Uint8Array {
    let bytes: Buffer;
    try {
      bytes = Buffer.from(encodeMessage(name, isJsonObject(value) ? value : {}));
    } catch {
      bytes = Buffer.from(JSON.stringify(value));
    }
    return this.#random.chance(0.5) ? bytes : this.#cut(bytes);
  }

  #cut(bytes: Buffer): Uint8Array {
    const random = this.#random;
    const copy = Buffer.from(bytes);
    for (let count = random.below(4); count > 0 && copy.length > 0; count -= 1) {
      copy[random.below(copy.length)] = random.below(256);
    }
    return random.chance(0.5) ? copy : copy.subarray(0, random.below(copy.length + 1));
  }
}

/** As a target may have it; a lone surrogate is no character. */
const encode = (text: string) => encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/gu, '?'));
