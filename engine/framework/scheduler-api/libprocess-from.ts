import { randomUUID } from 'node:crypto';
import type { FrameworkInfo } from '../../../protocol/mesos.ts';

const lifeId = randomUUID();

/** A framework's libprocess address, by the header in which libprocess says it: of this life, where its API is. */
export function libprocessFrom({ webui_url: url = '' }: FrameworkInfo): Readonly<Record<string, string>> {
  return URL.canParse(url) ? { 'Libprocess-From': `scheduler-${lifeId}@${new URL(url).host}` } : {};
}
