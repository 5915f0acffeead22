import { tlsOptions } from '../../engine/load-balancer/tls/certificates.ts';
import type { CertificateAndKey } from '../../engine/load-balancer/tls/self-signed.ts';
import { ProgramError, type ProgramWorld } from './program.ts';

const lastOfMany = 100;

/**
 * The certificates of port 443 by the image's script `run`: the files of `--ssl-certs`, then what the variables
 * HAPROXY_SSL_CERT and HAPROXY_SSL_CERT0 to 100 say. None: one is made.
 * @throws ProgramError in HAProxy's words, for what is not a certificate with its key
 */
export function readCertificates(
  files: readonly string[],
  { environment, readFile }: Pick<ProgramWorld, 'environment' | 'readFile'>,
): readonly CertificateAndKey[] {
  const first = environment['HAPROXY_SSL_CERT'] ?? '';
  const numbers = Array.from({ length: lastOfMany + 1 }, (_, number) => `HAPROXY_SSL_CERT${number}`);
  const names = first === '' ? [] : ['HAPROXY_SSL_CERT', ...numbers.filter((name) => (environment[name] ?? '') !== '')];
  return [
    ...files.map((file) => checked(readFile(file), file)),
    // `echo -e` in the script.
    ...names.map((name) => checked(environment[name]?.replaceAll('\\n', '\n'), name)),
  ];
}

function checked(pem: string | undefined, from: string): CertificateAndKey {
  try {
    if (pem !== undefined) {
      tlsOptions([pem]);
      return pem;
    }
  } catch {
    // Said below, in HAProxy's words.
  }
  throw new ProgramError(`'bind *:443' : unable to load SSL certificate from PEM file '${from}'.`);
}
