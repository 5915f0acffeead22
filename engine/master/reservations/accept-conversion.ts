import type { OfferRecord } from '../records.ts';
import { minus, plus, toResources, type Resources } from '../resources.ts';
import type { Operation } from '../scheduler/scheduler-call.ts';
import type { Term } from '../term.ts';
import { isResize, type Conversion } from './conversion.ts';
import { agentText, applyConversion, refuseAmount, tellOperation } from './operations.ts';
import { refuseConversion } from './refuse-conversion.ts';
import { refuseResizeForm } from './refuse-resize.ts';

/**
 * RESERVE, UNRESERVE, CREATE, DESTROY, GROW_VOLUME and SHRINK_VOLUME; one that is not valid is dropped, of which only a framework hears that gave it
 * an id (Master::accept).
 * @returns what the resources become
 */
export function convert(
  term: Term,
  offer: OfferRecord,
  operation: Operation,
  conversion: Conversion,
  available: Resources,
): Resources {
  const { framework, agent } = offer;
  const { id } = operation;
  const problem =
    (id !== undefined && framework.operations.has(id.value) ? `Operation '${id.value}' already exists` : undefined) ??
    refuse(offer, conversion, available);
  if (problem === undefined) {
    applyConversion(term, agent, conversion, { framework, operation });
    const left = minus(available, toResources(conversion.consumed));
    // What a resize makes is for the next offer: nothing else of the same call can use it (docs/persistent-volume.md).
    return isResize(conversion.type) ? left : plus(left, toResources(conversion.converted));
  }
  term.settings.log(`Dropping ${conversion.type} operation from framework ${framework.id}: ${problem}`);
  if (id !== undefined)
    tellOperation(term, framework, { operation_id: id, state: 'OPERATION_ERROR', message: problem });
  return available;
}

/** With the words of Master::accept around those of what is wrong. */
function refuse({ agent, framework, role }: OfferRecord, conversion: Conversion, available: Resources) {
  const malformed = refuseResizeForm(conversion);
  if (malformed !== undefined) return `Operation attempted with invalid resources: ${malformed}`;
  const { principal } = framework.info;
  const invalid = refuseConversion(conversion, { total: agent.total, used: agent.used, role, principal });
  if (invalid !== undefined) return `${invalid}; on agent ${agentText(agent)}`;
  const missing = refuseAmount(available, conversion, role);
  return missing !== undefined && isResize(conversion.type)
    ? `Invalid ${conversion.type} operation: ${missing}`
    : missing;
}
