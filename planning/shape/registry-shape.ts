import * as z from 'zod';
import { defaultLimitMb, mostLimitMb } from '../components/registry.ts';

/** What the add-on registry is told. */
export const registry = z
  .strictObject({
    limitMb: z.int().optional().meta({
      minimum: 1,
      maximum: mostLimitMb,
      default: defaultLimitMb,
      description: 'How much it may store, in MB: with more pushes are refused, until `images clean` has made room.',
    }),
  })
  .meta({ description: 'What the add-on registry takes.' });
