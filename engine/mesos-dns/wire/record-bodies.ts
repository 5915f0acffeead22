import { isIP } from 'node:net';
import { encode, type Answer, type SoaData } from 'dns-packet';
import type { RecordKind } from '../records/zone.ts';

/*
 * Records as they stand in an answer, without the name they belong to. The library puts every name in full wherever it
 * stands; answers need the short form (a pointer to where the name stood before), or few fit into 512 bytes.
 */

const headerBytes = 12;
/** The root's. */
const nameBytes = 1;

const bodyOf = (answer: Answer): Buffer =>
  encode({ type: 'response', answers: [answer] }).subarray(headerBytes + nameBytes);

/** Where a name may stand: no label is empty or longer than 63, and all of it no longer than 253. */
const isWireName = (name: string): boolean => {
  const labels = name.replace(/\.$/, '').split('.');
  return name.length <= 254 && labels.every((label) => label !== '' && Buffer.byteLength(label) <= 63);
};

export interface SrvOptions {
  readonly ttl: number;
  readonly weight: number;
}

/** @returns false for what cannot stand in an answer, such as a name in place of an address */
export function targetBody(kind: RecordKind, host: string, { ttl, weight }: SrvOptions): Buffer | false {
  if (kind === 'A') return isIP(host) === 4 && bodyOf({ name: '.', type: 'A', ttl, data: host });
  if (kind === 'AAAA') return isIP(host) === 6 && bodyOf({ name: '.', type: 'AAAA', ttl, data: host });
  const { target, port } = targetOf(host);
  if (!isWireName(target) || !(port >= 0 && port <= 65_535)) return false;
  return bodyOf({ name: '.', type: 'SRV', ttl, data: { priority: 0, weight, port, target } });
}

/** Of `name.:port`. */
export function targetOf(host: string): { readonly target: string; readonly port: number } {
  const colon = host.lastIndexOf(':');
  return { target: host.slice(0, colon), port: Number(host.slice(colon + 1)) };
}

export const nsBody = (ttl: number, mname: string): Buffer => bodyOf({ name: '.', type: 'NS', ttl, data: mname });

export const soaBody = (ttl: number, soa: SoaData): Buffer => bodyOf({ name: '.', type: 'SOA', ttl, data: soa });

/** The record by which EDNS is spoken, whole. */
export function optRecord(size: number, extendedRcode = 0): Buffer {
  const opt: Answer = {
    name: '.',
    type: 'OPT',
    udpPayloadSize: size,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  return encode({ type: 'response', additionals: [opt] }).subarray(headerBytes);
}
