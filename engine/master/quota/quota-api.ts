import { HttpError, jsonAnswer, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { listAt, textAt, valueAt, type JsonObject } from '../../../protocol/json.ts';
import type { Resource } from '../../../protocol/mesos.ts';
import type { Quota, Registry } from '../registry/registry.ts';
import { refuseRole } from '../scheduler/roles.ts';
import { rescindAll, type Term } from '../term.ts';
import { quotaRequest } from '../wire/messages/operator-call.ts';
import { readJsonBody } from '../wire/read-json-body.ts';
import { Consumption } from './consumption.ts';
import { isWithin, shown, type Quantities } from './quantities.ts';
import { quotaOf, refuseConfig, refuseTotal, refuseTree } from './quota.ts';

const ok: HttpAnswer = { status: 200 };

/** All that agents have, reserved or not, connected or not (Master::QuotaHandler::__set and update). */
const capacityOf = ({ cluster }: Term): Quantities => cluster.sums.all('total');

/** Offers are taken back, so that whoever is owed something can have it, and nobody has more than its limit. */
async function change(term: Term, what: string, of: (registry: Registry) => Registry): Promise<HttpAnswer> {
  await term.registrar.update(what, of);
  rescindAll(term);
  return ok;
}

/** Why a request to set a quota is none (quota::validation::quotaInfo). */
function refuseRequest(role: string, guarantee: readonly Resource[]): string | undefined {
  const badRole = refuseRole(role);
  if (badRole !== undefined) return `QuotaInfo with invalid role: ${badRole}`;
  if (guarantee.length === 0) return "QuotaInfo with empty 'guarantee'";
  const names = new Set<string>();
  for (const resource of guarantee) {
    const { name, type, role: owner = '*' } = resource;
    if (owner !== '*' || 'reservation' in resource || listAt(resource, 'reservations').length > 0) {
      return 'QuotaInfo must not contain any ReservationInfo';
    }
    if ('disk' in resource) return 'QuotaInfo must not contain any DiskInfo';
    if ('revocable' in resource) return 'QuotaInfo must not contain any RevocableInfo';
    if (type !== 'SCALAR') return 'QuotaInfo must not include non-scalar resources';
    if (names.has(name)) return `QuotaInfo contains duplicate resource name '${name}'`;
    names.add(name);
  }
  return undefined;
}

function setQuota(term: Term, request: JsonObject): Promise<HttpAnswer> {
  const role = textAt(request, 'role') ?? '';
  const guarantee = listAt(request, 'guarantee') as readonly Resource[];
  const invalid = (why: string) => new HttpError(400, `Failed to validate set quota request: ${why}`);
  return change(term, 'set quota', (registry) => {
    const problem = refuseRequest(role, guarantee);
    if (problem !== undefined) throw invalid(problem);
    if (Object.hasOwn(registry.quotas, role))
      throw invalid(`Cannot set quota for role '${role}' which already has quota`);
    const amounts = Object.fromEntries(guarantee.map(({ name, scalar }) => [name, scalar?.value ?? 0]));
    const quotas = { ...registry.quotas, [role]: { guarantees: amounts, limits: amounts } };
    const badTree = refuseTree(quotas);
    if (badTree !== undefined) throw invalid(badTree);
    const tooMuch = refuseTotal(quotas, capacityOf(term), 'Total quota guarantees');
    if (tooMuch !== undefined && valueAt(request, 'force') !== true) {
      const text = `Quota guarantees overcommit the cluster (use 'force' to bypass this check): ${tooMuch}`;
      throw new HttpError(409, text);
    }
    return { ...registry, quotas };
  });
}

/** @param what is named in the error */
function removeQuota(term: Term, role: string, what = `role '${role}'`): Promise<HttpAnswer> {
  return change(term, 'remove quota', (registry) => {
    if (!Object.hasOwn(registry.quotas, role)) {
      throw new HttpError(400, `Failed to remove quota for ${what}: Role '${role}' has no quota set`);
    }
    const { [role]: _, ...quotas } = registry.quotas;
    return { ...registry, quotas };
  });
}

const amountsIn = (map: unknown): Quantities =>
  Object.fromEntries(
    Object.entries((map ?? {}) as Readonly<Record<string, { readonly value: number }>>).map(([name, { value }]) => [
      name,
      value,
    ]),
  );

function updateQuota(term: Term, call: JsonObject): Promise<HttpAnswer> {
  const isForced = valueAt(call, 'update_quota', 'force') === true;
  return change(term, 'update quota', (registry) => {
    const consumption = new Consumption(term.cluster, 'used');
    let { quotas } = registry;
    for (const config of listAt(call, 'update_quota', 'quota_configs')) {
      const role = textAt(config, 'role') ?? '';
      const quota: Quota = {
        guarantees: amountsIn(valueAt(config, 'guarantees')),
        limits: amountsIn(valueAt(config, 'limits')),
      };
      const problem = refuseConfig(role, quota) ?? (isForced ? undefined : refuseLimits(consumption, role, quota));
      if (problem !== undefined) throw new HttpError(400, `Invalid QuotaConfig: ${problem}`);
      if (role.includes('/')) throw new HttpError(400, `Updating quota on nested role '${role}' is not supported yet`);
      quotas = { ...quotas, [role]: quota };
    }
    const tooMuch = isForced ? undefined : refuseTotal(quotas, capacityOf(term), 'total quota guarantees');
    if (tooMuch !== undefined) {
      throw new HttpError(400, `Invalid QuotaConfig: ${tooMuch} (use 'force' flag to bypass this check)`);
    }
    const badTree = refuseTree(quotas);
    if (badTree !== undefined) throw new HttpError(400, badTree);
    return { ...registry, quotas };
  });
}

/** Tasks are not killed for a limit, so it may not be below what they use. */
function refuseLimits(consumption: Consumption, role: string, { limits }: Quota): string | undefined {
  const used = consumption.all(role);
  return isWithin(used, limits)
    ? undefined
    : `Role '${role}' is already consuming '${shown(used)}'; this is more than the requested limits '${shown(limits)}' (use 'force' flag to bypass this check)`;
}

const scalars = (amounts: Quantities) =>
  Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, { value }]));
const unlessEmpty = (name: string, value: object) => (Object.keys(value).length === 0 ? {} : { [name]: value });

/** quota.proto, message QuotaStatus. */
function toStatus({ registrar }: Term) {
  const roles = Object.keys(registrar.registry.quotas);
  if (roles.length === 0) return {};
  const quotas = roles.map((role) => ({ role, ...quotaOf(registrar.registry, role) }));
  return {
    infos: quotas.map(({ role, guarantees }) => ({
      role,
      ...unlessEmpty(
        'guarantee',
        Object.entries(guarantees).map(([name, value]) => ({ name, type: 'SCALAR', scalar: { value } })),
      ),
    })),
    configs: quotas.map(({ role, guarantees, limits }) => ({
      role,
      ...unlessEmpty('guarantees', scalars(guarantees)),
      ...unlessEmpty('limits', scalars(limits)),
    })),
  };
}

export const quotaReads: Readonly<Record<string, (term: Term) => unknown>> = {
  GET_QUOTA: (term) => ({ status: toStatus(term) }),
};

/** Calls, each of which has the field that it needs. */
export const quotaWrites: Readonly<Record<string, (term: Term, call: JsonObject) => Promise<HttpAnswer>>> = {
  SET_QUOTA: (term, call) => setQuota(term, valueAt(call, 'set_quota', 'quota_request') as JsonObject),
  REMOVE_QUOTA: (term, call) => removeQuota(term, textAt(call, 'remove_quota', 'role') ?? ''),
  UPDATE_QUOTA: updateQuota,
};

export const quotaEndpoints: Readonly<
  Record<string, (term: Term, request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>>
> = {
  'GET /quota': (term) => jsonAnswer(200, toStatus(term)),
  'POST /quota': async (term, request) =>
    setQuota(term, await readJsonBody(request, quotaRequest, 'Failed to parse set quota request')),
  'DELETE /quota': () => {
    const text = "Failed to parse remove quota request for path '/master/quota': expected 3 tokens, found 2 tokens";
    throw new HttpError(400, text);
  },
  'DELETE /quota/*': (term, { path }) => {
    const role = path.replace(/^(?:\/master)?\/quota\//, '');
    return removeQuota(term, role, `path '/master/quota/${role}'`);
  },
};
