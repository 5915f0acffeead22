import { expect, test } from 'vitest';
import { linkTarget } from '../../../pages/app/learn/link-target.ts';

test.each([
  ['https://mesos.apache.org/documentation/', true],
  ['http://127.0.0.1:5050/', true],
  ['#/agents', false],
  ['#/apps/%2Flearn%2Fx', false],
])('%s is followed', (href, isOutside) => {
  expect(linkTarget(href)).toEqual({ href, isOutside });
});

test.each([
  'javascript:alert(1)',
  ' JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:http://127.0.0.1/x',
  '//evil.example/x',
  '/page/learn',
  'relative',
  '#token=x',
  '#',
  '',
])('%s is not', (href) => {
  expect(linkTarget(href)).toBeUndefined();
});
