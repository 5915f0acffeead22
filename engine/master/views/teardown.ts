import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { removeFramework } from '../scheduler/frameworks.ts';
import type { Term } from '../term.ts';

/** An operator ends a framework and its tasks (Master::Http::_teardown). @throws HttpError 400 */
export function tearDown(term: Term, frameworkId: string): HttpAnswer {
  const framework = term.cluster.frameworks.get(frameworkId);
  if (framework === undefined) throw new HttpError(400, 'No framework found with specified ID');
  removeFramework(term, framework);
  return { status: 200 };
}

/** `POST /teardown`, a form with the `frameworkId`. @throws HttpError 400 */
export async function tearDownByForm(term: Term, request: HttpRequest): Promise<HttpAnswer> {
  const id = (await request.form()).get('frameworkId');
  if (id === null) throw new HttpError(400, "Missing 'frameworkId' query parameter in the request body");
  return tearDown(term, id);
}
