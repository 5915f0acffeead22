import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

export interface CertificateOptions {
  /** IPv4 address that a server's certificate holds for; without one it is a client's. */
  readonly address?: string;
  /** From now; negative: it has expired. */
  readonly days?: number;
}

/** Who signs certificates, made by openssl in a folder of a test's own. */
export interface Authority {
  /** Makes a folder with `ca.pem`, `cert.pem` and `key.pem`, as Docker wants them, and says where it is. */
  readonly issue: (name: string, options?: CertificateOptions) => Promise<string>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @param folder that is there; the authority gets one in it */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const home = join(folder, name);
  const at = (file: string) => join(home, file);
  mkdirSync(home);
  const openssl = (...words: readonly string[]) => execa('openssl', words, { timeout: 30_000 });
  const own = ['-keyout', at('ca-key.pem'), '-out', at('ca.pem')];
  await openssl('req', '-x509', ...newKey, ...own, '-subj', `/CN=${name}`, '-days', '1');
  return {
    issue: async (holder, { address, days = 1 } = {}) => {
      const to = (file: string) => at(join(holder, file));
      mkdirSync(at(holder));
      const use = address === undefined ? 'extendedKeyUsage=clientAuth' : `subjectAltName=IP:${address}`;
      const request = ['-keyout', to('key.pem'), '-out', to('request.pem'), '-subj', `/CN=${holder}`, '-addext', use];
      await openssl('req', ...newKey, ...request);
      const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca-key.pem')];
      const signed = ['-days', String(days), '-copy_extensions', 'copy', '-out', to('cert.pem')];
      await openssl('x509', '-req', '-in', to('request.pem'), ...signer, ...signed);
      copyFileSync(at('ca.pem'), to('ca.pem'));
      return at(holder);
    },
  };
}
