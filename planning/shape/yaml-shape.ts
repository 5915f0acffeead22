import type * as z from 'zod';
import type { YamlKind } from '../spec-text/yaml-kind.ts';

/** What may stand in a YAML file. */
export interface YamlShape {
  readonly kind: YamlKind;
  readonly schema: z.core.$ZodType;
  /** Whether a key that stands at the wrong place may be meant for a map in a list. */
  readonly looksInLists: boolean;
}
