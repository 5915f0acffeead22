/** Of a client, without the form that IPv4 has on sockets of both kinds. */
export const addressOf = ({ remoteAddress = '' }: { readonly remoteAddress?: string | undefined }): string =>
  remoteAddress.replace(/^::ffff:(?=\d+\.)/, '');
