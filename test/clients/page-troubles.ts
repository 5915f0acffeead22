import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

/**
 * Notes all that goes wrong in a page: errors in its console, of its scripts, requests that fail or are refused, and a
 * token that is where it can be read by others. A test in which any of it is not expected fails at its end.
 */
export function watchTroubles(page: Page) {
  const troubles: string[] = [];
  const expected: RegExp[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.stack ?? error.message}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // Whoever leaves a page ends its requests.
    if (why !== 'net::ERR_ABORTED') troubles.push(`failed: ${request.method()} ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() < 400) return;
    troubles.push(`refused: ${response.request().method()} ${response.url()} ${response.status()}`);
  });
  page.on('request', (request) => {
    const { referer = '' } = request.headers();
    if (/token/i.test(`${request.url()} ${referer}`)) troubles.push(`token: ${request.url()} from ${referer}`);
  });
  onTestFinished(() => {
    expect(troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)))).toEqual([]);
  });
  return {
    troubles,
    /** What this test does, and what comes of it. */
    expectTrouble: (...patterns: readonly RegExp[]) => void expected.push(...patterns),
  };
}
