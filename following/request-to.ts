import { request as plain, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as encrypted } from 'node:https';

/** `request` of node:http, or of node:https where the URL says so. */
export function requestTo(
  url: string | URL,
  options: RequestOptions,
  onAnswer?: (answer: IncomingMessage) => void,
): ClientRequest {
  return String(url).startsWith('https:') ? encrypted(url, options, onAnswer) : plain(url, options, onAnswer);
}
