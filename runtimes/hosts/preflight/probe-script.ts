/** What came of connecting from a machine to a port of another. */
export interface Probe {
  readonly address: string;
  readonly port: number;
  /** How long the answer took; a refusal is one, too: it comes from the other machine. Undefined: there was none. */
  readonly ms: number | undefined;
  /** Without an answer: why, in the system's words; `no answer` when nothing came in time. */
  readonly words: string;
}

/** How long an answer may take, in seconds: a whole number, which is all that `timeout` of busybox takes. */
export const probeSeconds = 3;

/**
 * In bash, whose /dev/tcp is a connection; `$0` is the address, `$1` the port. It ends at once: nothing is sent. Words of
 * bash, the time in seconds by `time`, and `t BEFORE AFTER` with six decimals where bash has EPOCHREALTIME (5.0), in a
 * single line and a single write, because many write at the same time.
 */
const tryOnce =
  'set -f; TIMEFORMAT=%3R; ' +
  'w=$( { time { a=$EPOCHREALTIME; : <"/dev/tcp/$0/$1"; b=$EPOCHREALTIME; }; echo "t $a $b"; } 2>&1 ); ' +
  'echo probe $0 $1 $w';

/**
 * A command for `sh` that tries to connect to each place, all at the same time, and prints a line for each. What it needs
 * is bash and `timeout` (coreutils, busybox), or Node.js, which the lite image has; without either it prints nothing.
 * @param places IPv4 addresses and ports
 */
export function probeScript(places: readonly { readonly address: string; readonly port: number }[]): string {
  const safe = places.filter(({ address }) => /^[0-9.]+$/.test(address));
  const words = safe.map(({ address, port }) => `${address}:${port}`).join(' ');
  return [
    'export LC_ALL=C',
    'if command -v bash >/dev/null && command -v timeout >/dev/null; then',
    `probe() { timeout ${probeSeconds} bash -c '${tryOnce}' "$1" "$2" 2>/dev/null || echo probe "$1" "$2" late; }`,
    ...safe.map(({ address, port }) => `probe ${address} ${port} &`),
    'wait',
    'elif command -v node >/dev/null; then',
    `node -e '${inNode}' ${words}`,
    'fi',
  ].join('\n');
}

/** The first connection loads what the others are timed without. */
const inNode = [
  'const net = require("net"); const places = process.argv.slice(1);',
  'const go = () => { for (const place of places) { const [host, port] = place.split(":");',
  'const start = process.hrtime.bigint(); const socket = net.connect(port, host);',
  'const say = (words) => { const ms = Number(process.hrtime.bigint() - start) / 1e6; socket.destroy();',
  'console.log("probe", host, port, words === "late" ? words : `${words} ${(ms / 1000).toFixed(6)} t`); };',
  `socket.setTimeout(${probeSeconds * 1000}, () => say("late"));`,
  'socket.once("connect", () => say("")); socket.once("error", (error) => say(error.code)); } };',
  'const first = net.connect(9, "127.0.0.1"); first.once("error", go); first.once("connect", () => { first.destroy(); go(); });',
].join(' ');

/** Words of bash (bind, connect: strerror) and of Node.js. */
const refused = /Connection refused|ECONNREFUSED/;
const failures: readonly (readonly [RegExp, string])[] = [
  [/No route to host|EHOSTUNREACH|Host is down|EHOSTDOWN/, 'no route to host'],
  [/Network is unreachable|ENETUNREACH/, 'network is unreachable'],
  [/timed out|ETIMEDOUT/, 'no answer'],
  [/ECONNRESET|Connection reset/, 'connection reset'],
  [/EACCES|Permission denied|Operation not permitted|EPERM/, 'not permitted'],
];

/** Reads what `probeScript` printed; lines of others are passed over. */
export function readProbes(text: string): readonly Probe[] {
  const lines = text.matchAll(/^probe (\d+\.\d+\.\d+\.\d+) (\d+) (.*)$/gm);
  return [...lines].map(([, address = '', port = '', rest = '']): Probe => {
    const place = { address, port: Number(port) };
    const failure = failures.find(([pattern]) => pattern.test(rest))?.[1];
    if (rest.trim() === 'late') return { ...place, ms: undefined, words: 'no answer' };
    if (failure !== undefined && !refused.test(rest)) return { ...place, ms: undefined, words: failure };
    const [, from, to] = /\bt (\d+[.,]\d{6}) (\d+[.,]\d{6})\s*$/.exec(rest) ?? [];
    const seconds = /(\d+[.,]\d{3,6}) t\b/.exec(rest)?.[1];
    const number = (decimal: string) => Number(decimal.replace(',', '.'));
    const ms = (from !== undefined && to !== undefined ? number(to) - number(from) : number(seconds ?? '0')) * 1000;
    return { ...place, ms: Math.max(0, ms), words: '' };
  });
}
