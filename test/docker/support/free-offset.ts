import { isRefusedByBrowsers } from '../../../planning/values/browser-ports.ts';
import { tryPort } from '../../../platform/network/try-port.ts';

/** A number for ports.offset with which nobody listens on the main ports, and which `fetch` takes. */
export async function freeOffset(): Promise<number> {
  for (;;) {
    const offset = 1000 + 100 * Math.floor(Math.random() * 200);
    const ports = [2181, 5050, 5051, 5150, 8080, 9090, 10_000, 10_020].map((port) => port + offset);
    if (ports.some(isRefusedByBrowsers)) continue;
    const errors = await Promise.all(ports.map((port) => tryPort('127.0.0.1', port)));
    if (errors.every((error) => error === undefined)) return offset;
  }
}
