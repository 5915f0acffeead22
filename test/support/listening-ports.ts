import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const isListening = '0A';

/** Where a process of this machine listens on TCP over IPv4, as the kernel says it (Linux: proc(5), /proc/net/tcp). */
export function listeningPorts(pid: number): readonly { readonly host: string; readonly port: number }[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`)),
  );
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    if (state !== isListening || !sockets.has(`socket:[${inode}]`)) return [];
    const [address = '', port = ''] = local.split(':');
    const bytes = address.match(/../g)?.map((byte) => parseInt(byte, 16)) ?? [];
    return [{ host: bytes.reverse().join('.'), port: parseInt(port, 16) }];
  });
}
