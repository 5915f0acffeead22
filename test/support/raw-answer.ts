import { connect } from 'node:net';

/** Sends bytes to a port as they are, and returns what comes back until the other side hangs up. */
export function rawAnswer(host: string, port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host, port }, () => socket.write(request, 'latin1'));
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no end of the answer of ${host}:${port}: ${text}`)));
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
    socket.once('error', reject).once('close', () => {
      resolve(text);
    });
  });
}
