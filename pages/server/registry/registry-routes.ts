import { isRepository, isTag } from '../../../checks/registry/registry.ts';
import type { ImageName } from '../../../checks/registry/remove-images.ts';
import { HttpError, jsonAnswer } from '../../../engine/http/http-answer.ts';
import type { HttpRequest } from '../../../engine/http/http-request.ts';
import { route, type Route } from '../../../engine/http/router.ts';
import { listAt, textAt } from '../../../protocol/json.ts';
import type { RegistryDesk } from './registry-desk.ts';

/**
 * What is in the registry of a lab, for whoever may look; removed by who may change something.
 * @param desk missing: there is no lab
 * @param checkChange throws for a request that may change nothing
 */
export function registryRoutes(
  desk: RegistryDesk | undefined,
  checkChange: (request: HttpRequest) => void,
): readonly Route[] {
  const own = () => {
    if (desk === undefined) throw new HttpError(404, 'there is no lab here, and no registry');
    return desk;
  };
  return [
    route('GET', '/page/registry', async ({ signal }) => {
      try {
        return jsonAnswer(200, await own().list(signal));
      } catch (error) {
        // That it does not answer is what is shown, and no mistake of whoever asks.
        if (error instanceof HttpError && error.status === 502) return jsonAnswer(200, { trouble: error.message });
        throw error;
      }
    }),
    route('POST', '/page/registry/removal', async (request) => {
      checkChange(request);
      const names = readNames(await request.json());
      await own().remove(names, request.signal);
      return jsonAnswer(200, { removed: names.length });
    }),
  ];
}

/** @throws HttpError 400 */
function readNames(body: unknown): readonly ImageName[] {
  const names = listAt(body, 'images').map((each) => ({
    repository: textAt(each, 'repository'),
    tag: textAt(each, 'tag'),
  }));
  const read = names.flatMap(({ repository, tag }) =>
    isRepository(repository) && isTag(tag) ? [{ repository, tag }] : [],
  );
  if (read.length === 0 || read.length < names.length) {
    throw new HttpError(400, 'images is a list of repository and tag');
  }
  return read;
}
