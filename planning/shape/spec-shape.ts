import { specKind } from '../spec-text/yaml-kind.ts';
import { clusterSpecSchema } from './cluster-spec.ts';
import type { YamlShape } from './yaml-shape.ts';

/** What may stand in mesos-cluster.yaml. */
export const specShape: YamlShape = { kind: specKind, schema: clusterSpecSchema, looksInLists: false };
