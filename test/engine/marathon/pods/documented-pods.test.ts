import { expect, test } from 'vitest';
import { ApiError } from '../../../../engine/marathon/marathon-error.ts';
import { parsePod } from '../../../../engine/marathon/pods/pod-changes.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { documentedPods } from './documented-pods.ts';

test.each(documentedPods)('the pod $shows is launched, or what is not honoured is named', ({ definition, refused }) => {
  let details: unknown = [];
  try {
    parsePod(definition as unknown as Json);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    ({ details } = error.body);
  }
  expect((details as readonly { path: string }[]).map(({ path }) => path)).toEqual(refused);
});
