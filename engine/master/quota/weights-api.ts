import { HttpError, jsonAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { listAt, numberAt, textAt, type JsonObject } from '../../../protocol/json.ts';
import { refuseRole } from '../scheduler/roles.ts';
import { rescindAll, type Term } from '../term.ts';
import { weightInfo } from '../wire/messages/operator-call.ts';
import { readJsonBody } from '../wire/read-json-body.ts';

/** Sets weights (src/master/weights_handler.cpp, with its texts). @throws HttpError 400 */
async function updateWeights(term: Term, infos: readonly unknown[]): Promise<HttpAnswer> {
  const weights = new Map<string, number>();
  for (const info of infos) {
    const [role, weight] = [textAt(info, 'role') ?? '', numberAt(info, 'weight') ?? 0];
    const badRole = refuseRole(role);
    const words = 'Failed to validate update weights request JSON';
    if (badRole !== undefined) throw new HttpError(400, `${words}: Invalid role '${role}': ${badRole}`);
    if (weight <= 0) {
      throw new HttpError(400, `${words} for role '${role}': Invalid weight '${weight}': Weights must be positive`);
    }
    weights.set(role, weight);
  }
  await term.registrar.update('update weights', (registry) =>
    weights.size === 0 ? registry : { ...registry, weights: { ...registry.weights, ...Object.fromEntries(weights) } },
  );
  const isHeld = [...term.cluster.frameworks.values()].some(({ roles }) => roles.some((role) => weights.has(role)));
  if (isHeld) rescindAll(term);
  return { status: 200 };
}

const toInfos = ({ registrar }: Term) =>
  Object.entries(registrar.registry.weights).map(([role, weight]) => ({ role, weight }));

export const weightReads: Readonly<Record<string, (term: Term) => unknown>> = {
  GET_WEIGHTS: (term) => {
    const infos = toInfos(term);
    return infos.length === 0 ? {} : { weight_infos: infos };
  },
};

export const weightWrites: Readonly<Record<string, (term: Term, call: JsonObject) => Promise<HttpAnswer>>> = {
  UPDATE_WEIGHTS: (term, call) => updateWeights(term, listAt(call, 'update_weights', 'weight_infos')),
};

export const weightEndpoints: Readonly<
  Record<string, (term: Term, request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>>
> = {
  'GET /weights': (term) => jsonAnswer(200, toInfos(term)),
  'PUT /weights': async (term, request) => {
    const message = { weight_infos: { type: weightInfo, repeated: true } };
    const words = 'Failed to parse update weights request';
    return updateWeights(term, listAt(await readJsonBody(request, message, words, 'weight_infos'), 'weight_infos'));
  },
};
