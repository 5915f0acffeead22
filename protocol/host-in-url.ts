/** A host as it stands before a port in a URL: an IPv6 address is in brackets. */
export const hostInUrl = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
