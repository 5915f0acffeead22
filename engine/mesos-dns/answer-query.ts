import { soaNames, type MesosDnsConfig } from './mesos-dns-config.ts';
import type { RecordKind, Target, Zone } from './records/zone.ts';
import { AnswerWriter, questionName } from './wire/answer-writer.ts';
import { rcodes, type Query, type ReadQuery } from './wire/read-query.ts';
import { nsBody, optRecord, soaBody, targetBody, targetOf } from './wire/record-bodies.ts';

export type Transport = 'udp' | 'tcp';

export interface AnswererOptions {
  readonly config: MesosDnsConfig;
  /** Undefined while no master has told anything. */
  readonly zone: () => Zone | undefined;
  /** Of the SOA record. */
  readonly serial: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** What an answer by UDP may have at most: more is cut into pieces on the way, and gets lost. */
const mostUdpBytes = 4096;
const usualUdpBytes = 512;
const flags = { response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionAvailable: 0x0080 } as const;
/** What of a query stands in its answer, too: its opcode, and that recursion was wanted. */
const echoed = 0x7900;

/** By the types of a question. */
const kindsOf: Readonly<Record<string, readonly RecordKind[]>> = {
  A: ['A'],
  AAAA: ['AAAA'],
  SRV: ['SRV'],
  ANY: ['SRV', 'A', 'AAAA'],
};

/** Answers what it is asked of the domain (HandleMesos in resolver/resolver.go). */
export class Answerer {
  readonly #options: AnswererOptions;
  readonly #writer = new AnswerWriter();
  readonly #ns: Buffer;
  readonly #opt = optRecord(mostUdpBytes);
  readonly #badVersion = optRecord(mostUdpBytes, 1);
  #soa: { readonly serial: number; readonly body: Buffer } | undefined;

  constructor(options: AnswererOptions) {
    this.#options = options;
    this.#ns = nsBody(options.config.ttl, soaNames(options.config).mname);
  }

  isOfDomain({ name }: Query): boolean {
    const { domain } = this.#options.config;
    return name === domain || name.endsWith(`.${domain}`);
  }

  /** What cannot be answered, by its code. */
  refusal(refused: Extract<ReadQuery, { readonly kind: 'refused' }>): Buffer {
    const isBadVersion = refused.rcode === rcodes.badVersion;
    this.#writer.begin(usualUdpBytes, undefined);
    if (isBadVersion) this.#writer.add('additional', 0, this.#badVersion);
    return this.#writer.end(refused.id, flags.response | (refused.flags & echoed) | (refused.rcode & 15));
  }

  /** The question and a code. */
  failure(query: Query, rcode: number): Buffer {
    this.#begin(query, 'tcp');
    return this.#end(query, rcode, 0);
  }

  answer(query: Query, transport: Transport): Buffer {
    const zone = this.#options.zone();
    if (zone === undefined) return this.failure(query, rcodes.serverFailure);
    const name = `${query.name.replaceAll('.*', '')}.`;
    this.#begin(query, transport);
    let isCut = false;
    const services: { readonly host: string; readonly at: number }[] = [];
    let count = 0;
    for (const kind of kindsOf[query.type] ?? []) {
      const targets = zone.find(kind, name);
      for (let index = 0; index < targets.length && !isCut; index++) {
        const target = this.#draw(targets, index);
        const body = this.#bodyOf(kind, target);
        if (body === false) continue;
        const at = this.#writer.add('answer', questionName, body);
        isCut = at === undefined;
        if (at === undefined) break;
        count += 1;
        if (kind === 'SRV') services.push({ host: target.host, at });
      }
    }
    const rcode = this.#authority(query, zone, name, count > 0 || isCut);
    isCut ||= !this.#addHosts(zone, services);
    const { setTruncateBit, recurseOn } = this.#options.config;
    const truncated = isCut && setTruncateBit ? flags.truncated : 0;
    return this.#end(query, rcode, flags.authoritative | truncated | (recurseOn ? flags.recursionAvailable : 0));
  }

  /** SOA and NS stand there, also where they were asked for. @returns the code of the answer */
  #authority({ type }: Query, zone: Zone, name: string, hasAnswers: boolean): number {
    if (type === 'SOA' || type === 'ANY') this.#writer.add('authority', questionName, this.#soaBody());
    if (type === 'NS' || type === 'ANY') this.#writer.add('authority', questionName, this.#ns);
    if (hasAnswers || type === 'SOA' || type === 'NS' || type === 'SRV') return rcodes.noError;
    if (type !== 'ANY') this.#writer.add('authority', questionName, this.#soaBody());
    return zone.has(name) ? rcodes.noError : rcodes.nameError;
  }

  /** An address of each target, for whoever would ask next. All of them, or none. */
  #addHosts(zone: Zone, services: readonly { readonly host: string; readonly at: number }[]): boolean {
    const mark = this.#writer.mark();
    const seen = new Set<string>();
    for (const { host, at } of services) {
      const { target } = targetOf(host);
      if (seen.has(target) || at === 0) continue;
      seen.add(target);
      for (const kind of ['A', 'AAAA'] as const) {
        const [first] = zone.find(kind, target);
        const body = first !== undefined && this.#bodyOf(kind, first);
        if (body === false || this.#writer.add('additional', at, body) !== undefined) continue;
        this.#writer.back(mark);
        return false;
      }
    }
    return true;
  }

  /** One of those that were not drawn yet: names with several tasks spread those who ask. */
  #draw(targets: Target[], index: number): Target {
    const last = targets[index];
    const chosen = index + Math.floor(this.#options.random() * (targets.length - index));
    const target = targets[chosen];
    if (last === undefined || target === undefined) throw new RangeError('no such target');
    targets[chosen] = last;
    targets[index] = target;
    return target;
  }

  #bodyOf(kind: RecordKind, target: Target): Buffer | false {
    const { ttl, srvRecordDefaultWeight: weight } = this.#options.config;
    return (target.body ??= targetBody(kind, target.host, { ttl, weight }));
  }

  #soaBody(): Buffer {
    const { config } = this.#options;
    const serial = this.#options.serial();
    if (this.#soa?.serial === serial) return this.#soa.body;
    const body = soaBody(config.ttl, {
      ...soaNames(config),
      serial,
      refresh: config.soaRefresh,
      retry: config.soaRetry,
      expire: config.soaExpire,
      minimum: config.soaMinttl,
    });
    this.#soa = { serial, body };
    return body;
  }

  #begin({ question, ednsSize }: Query, transport: Transport): void {
    const size = Math.min(Math.max(ednsSize ?? usualUdpBytes, usualUdpBytes), mostUdpBytes);
    const limit = transport === 'tcp' ? 65_535 : size;
    this.#writer.begin(limit - (ednsSize === undefined ? 0 : this.#opt.length), question);
  }

  #end(query: Query, rcode: number, more: number): Buffer {
    if (query.ednsSize !== undefined) {
      this.#writer.extend(this.#opt.length);
      this.#writer.add('additional', 0, this.#opt);
    }
    return this.#writer.end(query.id, flags.response | more | (query.flags & echoed) | rcode);
  }
}
