import { objectOf } from '../../../protocol/json.ts';
import { listAt, type Definition } from '../apps/normalize-app.ts';
import type { BrokenRule } from '../marathon-error.ts';

const here = 'of the embedded cluster';
const notServed = `is not supported by the Marathon ${here}: leave it out`;
const noVolume = `volumes of this kind are not supported in pods ${here}: use one that has only a name`;
const notReadOnly = `volumes are folders that containers share ${here}: none of them can be read-only`;
const noNetwork = `the agents ${here} have no container networks for pods: use the mode host`;

/**
 * What a pod asks for that Marathon has and this one, or its agents, have not: it is refused, for a field that is taken
 * and then ignored is worse.
 * @param given with its types checked, defaults filled in, and nothing empty in it
 */
export function unservedPodFields(given: Definition): readonly BrokenRule[] {
  return [
    ...(given['linuxInfo'] === undefined ? [] : [{ path: '/linuxInfo', error: notServed }]),
    ...(given['legacySharedCgroups'] === true ? [{ path: '/legacySharedCgroups', error: notServed }] : []),
    ...listAt(given['networks']).flatMap((each, index) =>
      objectOf(each)['mode'] === 'host' ? [] : [{ path: `/networks(${index})/mode`, error: noNetwork }],
    ),
    ...listAt(given['volumes']).flatMap((each, index) =>
      objectOf(each)['host'] === undefined ? [] : [{ path: `/volumes(${index})/host`, error: noVolume }],
    ),
    ...listAt(given['containers']).flatMap((each, index) => inContainer(objectOf(each), `/containers(${index})`)),
  ];
}

function inContainer(container: Definition, path: string): readonly BrokenRule[] {
  const unserved = ['resourceLimits', 'linuxInfo', 'check'].filter((name) => container[name] !== undefined);
  const image = objectOf(container['image']);
  return [
    ...unserved.map((name) => ({ path: `${path}/${name}`, error: notServed })),
    ...(image['pullConfig'] === undefined ? [] : [{ path: `${path}/image/pullConfig`, error: notServed }]),
    ...(image['labels'] === undefined ? [] : [{ path: `${path}/image/labels`, error: notServed }]),
    ...listAt(container['volumeMounts']).flatMap((each, index) =>
      objectOf(each)['readOnly'] === true
        ? [{ path: `${path}/volumeMounts(${index})/readOnly`, error: notReadOnly }]
        : [],
    ),
  ];
}
