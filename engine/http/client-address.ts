/** Of a client, or of what is between, without the form that IPv4 has on sockets of both kinds. */
export const clientAddress = ({ remoteAddress = '' }: { readonly remoteAddress?: string | undefined }): string =>
  remoteAddress.replace(/^::ffff:(?=\d+\.)/, '');
