import { X509Certificate } from 'node:crypto';
import { createSecureContext, type TlsOptions } from 'node:tls';
import type { CertificateAndKey } from './self-signed.ts';

/**
 * What a TLS server shows: the certificate that has the name it is asked for, or the first, as HAProxy does with several.
 * @throws Error for a text in which there is no certificate, or not its key
 */
export function tlsOptions([first, ...others]: readonly [CertificateAndKey, ...CertificateAndKey[]]): TlsOptions {
  const own = (pem: CertificateAndKey) => ({ cert: pem, key: pem });
  const more = [first, ...others].map((pem) => ({
    certificate: new X509Certificate(pem),
    context: createSecureContext(own(pem)),
  }));
  return {
    ...own(first),
    SNICallback: (name, done) => {
      // Without one of its own, what is above.
      done(null, more.find(({ certificate }) => certificate.checkHost(name) !== undefined)?.context);
    },
  };
}
