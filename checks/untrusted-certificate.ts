/** What makes a certificate trusted; undefined: a fault is about something else. @param fault in the words of OpenSSL */
export const howToTrust = (fault: string): string | undefined =>
  fault.includes('certificate')
    ? 'NODE_EXTRA_CA_CERTS=FILE names a certificate to trust: the one that it has, or that of who signed it'
    : undefined;
