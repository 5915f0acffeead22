/** What libcurl says (curl_easy_strerror) where Node.js has these codes. */
const words: Readonly<Record<string, string>> = {
  ENOTFOUND: "Couldn't resolve host name",
  EAI_AGAIN: "Couldn't resolve host name",
  ECONNREFUSED: "Couldn't connect to server",
  EHOSTUNREACH: "Couldn't connect to server",
  ENETUNREACH: "Couldn't connect to server",
  ETIMEDOUT: "Couldn't connect to server",
  EPROTO: 'SSL connect error',
};

const certificate = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** An error of a request in libcurl's words. @param onReset what it means that the connection was broken off */
export function inCurlWords(error: unknown, onReset: string): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error.message;
  if (code === 'ECONNRESET' || code === 'EPIPE') return onReset;
  if (certificate.test(code)) return `SSL peer certificate or SSH remote key was not OK (${error.message})`;
  if (code.startsWith('HPE_')) return `Weird server reply (${error.message})`;
  return words[code] ?? error.message;
}
