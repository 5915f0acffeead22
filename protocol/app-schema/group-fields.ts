import { appFields } from './app-fields.ts';
import * as is from './schema.ts';
import type { Fields } from './schema.ts';

/** What a request may say of a group (GroupUpdate of group.raml of Marathon 1.10), but for the groups in it. */
export const groupFields: Fields = {
  id: is.optional(is.string({ minLength: 1 })),
  apps: is.optional(is.arrayOf(is.object(appFields))),
  groups: is.optional(is.arrayOf(is.any)),
  dependencies: is.optional(is.arrayOf(is.string({ minLength: 1 }), { unique: true })),
  scaleBy: is.optional(is.number(0)),
  version: is.optional(is.timestamp),
  enforceRole: is.optional(is.boolean),
};
