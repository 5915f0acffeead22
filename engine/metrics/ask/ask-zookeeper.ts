import { connect } from 'node:net';

const mostCharacters = 1024 * 1024;

/**
 * What a ZooKeeper answers to the four-letter word `mntr`, which has to be in its 4lw.commands.whitelist.
 * @param address `zookeeper1:2181`
 * @throws Error when there is no answer in time
 */
export function askMntr(address: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(`tcp://${address}`);
    const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port), signal });
    let text = '';
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write('mntr'));
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > mostCharacters) socket.destroy(new Error('an answer that is not of a ZooKeeper'));
    });
    socket.once('error', reject);
    socket.once('close', () => {
      if (text.startsWith('zk_')) resolve(text);
      else reject(new Error(`${address} does not answer mntr: ${text.trim().slice(0, 200)}`));
    });
  });
}
