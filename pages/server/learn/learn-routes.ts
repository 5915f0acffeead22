import { HttpError, jsonAnswer } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import { route, type Route } from '../../../engine/http/router.ts';
import type { LessonDesk } from './lesson-desk.ts';
import { readAction } from './read-action.ts';

/**
 * Lessons of a lab: whoever may look sees how far its learner is.
 * @param desk missing: nothing is learned here
 * @param checkChange throws for a request that may change nothing
 */
export function learnRoutes(
  desk: LessonDesk | undefined,
  checkChange: (request: HttpRequest) => void,
): readonly Route[] {
  const own = () => {
    if (desk === undefined) throw new HttpError(404, 'there is no lab here to learn in');
    return desk;
  };
  return [
    route('GET', '/page/learn', async () => jsonAnswer(200, await own().look())),
    route('GET', '/page/learn/doing', () => jsonAnswer(200, { doing: own().doing })),
    route('POST', '/page/learn', async (request) => {
      checkChange(request);
      return jsonAnswer(200, await own().act(readAction(await request.json())));
    }),
  ];
}
