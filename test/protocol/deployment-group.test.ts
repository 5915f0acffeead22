import { expect, it } from 'vitest';
import { groupOf, startedAt } from '../../protocol/marathon/deployment-group.ts';

it('is one group with and without a slash, and none where its label is empty or missing', () => {
  const groups = ['web', '/web', '/shop/web', ''].map((name) => groupOf({ HAPROXY_DEPLOYMENT_GROUP: name }));
  expect([...groups, groupOf({})]).toEqual(['web', 'web', 'shop/web', undefined, undefined]);
});

it('has an order, in which what has no date comes first', () => {
  const times = ['1969-01-01', 'soon'].map((date) => startedAt({ HAPROXY_DEPLOYMENT_STARTED_AT: date }));
  expect([...times, startedAt({})]).toEqual([Date.parse('1969-01-01'), -Infinity, -Infinity]);
});
