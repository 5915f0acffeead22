import type { OfferRecord } from '../records.ts';
import { minus, plus, toResources, type Resources } from '../resources.ts';
import type { Operation } from '../scheduler/scheduler-call.ts';
import type { Term } from '../term.ts';
import type { Conversion } from './conversion.ts';
import { applyConversion, refuseAmount, tellOperation } from './operations.ts';
import { refuseConversion } from './refuse-conversion.ts';

/**
 * RESERVE, UNRESERVE, CREATE and DESTROY; one that is not valid is dropped, of which only a framework hears that gave it
 * an id (Master::accept).
 * @returns what the resources become
 */
export function convert(
  term: Term,
  { framework, agent, role }: OfferRecord,
  operation: Operation,
  conversion: Conversion,
  available: Resources,
): Resources {
  const { id } = operation;
  const { principal } = framework.info;
  const problem =
    (id !== undefined && framework.operations.has(id.value) ? `Operation '${id.value}' already exists` : undefined) ??
    refuseConversion(conversion, { total: agent.total, used: agent.used, role, principal }) ??
    refuseAmount(available, conversion, role);
  if (problem === undefined) {
    applyConversion(term, agent, conversion, { framework, operation });
    return plus(minus(available, toResources(conversion.consumed)), toResources(conversion.converted));
  }
  term.settings.log(`Dropping ${conversion.type} operation from framework ${framework.id}: ${problem}`);
  if (id !== undefined)
    tellOperation(term, framework, { operation_id: id, state: 'OPERATION_ERROR', message: problem });
  return available;
}
