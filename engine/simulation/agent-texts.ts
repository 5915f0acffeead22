import { simulatedAttribute, simulatedResources } from '../../protocol/mesos-defaults.ts';
import { parseAttributes } from '../../protocol/parse-attributes.ts';
import { parseResources } from '../../protocol/parse-resources.ts';
import { itemsOf } from '../../protocol/parse-value.ts';
import type { AgentText } from './registration-text.ts';
import type { SimulationOptions } from './simulation-options.ts';

/**
 * What each agent says of itself. Racks are given out in turn, and zones to the racks in turn: a rack is in one zone.
 * @throws Error when resources or attributes do not parse
 */
export function agentTexts(options: SimulationOptions, port: number): readonly AgentText[] {
  const { count, version, racks, zones } = options;
  const given = itemsOf(parseResources(options.resources));
  const defaults = itemsOf(parseResources(simulatedResources));
  const missing = defaults.filter(({ name }) => !given.some((resource) => resource.name === name));
  const resources = JSON.stringify([...given, ...missing]);
  const own = options.attributes === '' ? [] : [options.attributes];
  const places = new Map<string, string>();
  const attributesAt = (index: number) => {
    const rack = racks === 0 ? undefined : (index % racks) + 1;
    const zone = zones === 0 ? undefined : (((rack ?? index + 1) - 1) % zones) + 1;
    const text = [
      `${simulatedAttribute.name}:${simulatedAttribute.value}`,
      ...(rack === undefined ? [] : [`rack:rack${rack}`]),
      ...(zone === undefined ? [] : [`zone:zone${zone}`]),
      ...own,
    ].join(';');
    const json = places.get(text) ?? JSON.stringify(itemsOf(parseAttributes(text)));
    places.set(text, json);
    return json;
  };
  return Array.from({ length: count }, (_, index) => ({
    ordinal: index + 1,
    hostname: simulatedHostname(index + 1),
    port,
    version,
    resources,
    attributes: attributesAt(index),
  }));
}

/** A name of this machine (RFC 6761), so that a page of it opens in a browser, and one that says what it is. */
const simulatedHostname = (ordinal: number): string => `simulated-${ordinal}.localhost`;
