import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate and its key, in PEM, as HAProxy wants them: in one text. */
export type CertificateAndKey = string;

const validDays = 3650;
const dayMs = 86_400_000;

/*
 * X.509 version 1 in DER (RFC 5280, 4.1; X.690): what `openssl x509 -req -signkey` makes of a bare request in
 * marathon-lb's script `run`, but with an elliptic curve, whose key is made in no time.
 */

const tags = { integer: 0x02, bits: 0x03, name: 0x06, utf8: 0x0c, time: 0x17, sequence: 0x30, set: 0x31 } as const;

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const algorithm = element(tags.sequence, element(tags.name, Buffer.from('2a8648ce3d040302', 'hex')));

/** CN, 2.5.4.3 */
const commonName = (name: string) =>
  element(
    tags.sequence,
    element(
      tags.set,
      element(tags.sequence, element(tags.name, Buffer.from('550403', 'hex')), element(tags.utf8, Buffer.from(name))),
    ),
  );

/** `YYMMDDhhmmssZ`, which holds until 2049. */
const time = (ms: number) =>
  element(tags.time, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replaceAll(/\D/g, '')}Z`));

const pem = (der: Buffer) => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

/** A certificate for `CN=*`, as marathon-lb makes one when none is given; it ends in ten years. */
export function selfSigned(nowMs: number): CertificateAndKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  // Positive, and with no byte too many.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const name = commonName('*');
  const body = element(
    tags.sequence,
    element(tags.integer, serial),
    algorithm,
    name,
    element(tags.sequence, time(nowMs - dayMs), time(nowMs + validDays * dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = element(tags.bits, Buffer.from([0]), sign('sha256', body, privateKey));
  const certificate = element(tags.sequence, body, algorithm, signature);
  return `${pem(certificate)}${privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}`;
}
