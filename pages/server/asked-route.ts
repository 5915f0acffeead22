import { HttpError, jsonAnswer } from '../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../engine/http/http-request.ts';
import { route, type Route } from '../../engine/http/router.ts';

/** A question of a view, that somebody else is asked for. */
export const askedRoute = (path: string, answer: (request: HttpRequest) => Promise<unknown>): Route =>
  route('GET', path, async (request) => jsonAnswer(200, await answer(request).catch(asTrouble)));

/** That something is not there (yet, any more) is an answer; a browser would write each refusal into its console. */
function asTrouble(error: unknown): { readonly trouble: string } {
  if (error instanceof HttpError && error.status !== 400) return { trouble: error.message };
  throw error;
}
