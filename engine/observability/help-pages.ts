import { HttpError, type HttpAnswer } from '../http/http-answer.ts';
import { route, type Route } from '../http/router.ts';

/** What a component serves, in a line each: by process, as libprocess calls what answers, and by path below it. */
export type Help = Readonly<Record<string, Readonly<Record<string, string>>>>;

const pageOf = (title: string, body: string): HttpAnswer => ({
  status: 200,
  headers: { 'Content-Type': 'text/html' },
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>\n`,
});

const listOf = (items: readonly string[]) => `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
const link = (path: string) => `<a href="/help${path}">${path}</a>`;

/** `/help`, `/help/master` and `/help/master/state` (3rdparty/libprocess/src/help.cpp). */
export function helpRoutes(help: Help): readonly Route[] {
  const itemsOf = (process: string) =>
    Object.entries(help[process] ?? {}).map(([path, text]) => `${link(`/${process}${path}`)}: ${text}`);
  const missing = (name: string) => new HttpError(400, `No help available for '${name}'.\n`);
  const textOf = (process: string, path: string) => {
    const texts = Object.hasOwn(help, process) ? help[process] : undefined;
    return texts !== undefined && Object.hasOwn(texts, path) ? texts[path] : undefined;
  };
  return [
    route('GET', '/help', () => pageOf('Help', listOf(Object.keys(help).flatMap(itemsOf)))),
    route('GET', '/help/:process', (_, { process = '' }) => {
      if (!Object.hasOwn(help, process)) throw missing(`/${process}`);
      return pageOf(`/${process}`, listOf(itemsOf(process)));
    }),
    route('GET', '/help/:process/*', (_, { process = '', '*': rest = '' }) => {
      const text = textOf(process, `/${rest}`);
      if (text === undefined) throw missing(`/${process}/${rest}`);
      return pageOf(`/${process}/${rest}`, `<p>${text}</p>`);
    }),
  ];
}
