import type { CheckResult, VerifyResult } from './verify.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for an attribute or an element, of HTML too. What XML 1.0 cannot hold becomes U+FFFD; line ends survive in attributes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
    .replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

/** The result of verify as JUnit XML, in the dialect that Jenkins, GitLab and GitHub's actions read. */
export function junitXml(result: VerifyResult, suite = 'create-mesos-cluster verify'): string {
  const { checks } = result;
  const count = (outcome: CheckResult['outcome']) => checks.filter((check) => check.outcome === outcome).length;
  const figures =
    `tests="${checks.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}" ` +
    `time="${seconds(result.durationMs)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${figures}>`,
    `  <testsuite name="${escapeXml(suite)}" ${figures}>`,
    ...checks.flatMap((check) => testCase(check, suite)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ name, title, outcome, durationMs, evidence }: CheckResult, suite: string): readonly string[] {
  const text = escapeXml(evidence);
  const inner = {
    passed: `<system-out>${text}</system-out>`,
    failed: `<failure message="${text}">${text}</failure>`,
    skipped: `<skipped message="${text}"/>`,
  }[outcome];
  const id = `name="${escapeXml(`${name}: ${title}`)}" classname="${escapeXml(suite)}"`;
  return [`    <testcase ${id} time="${seconds(durationMs)}">`, `      ${inner}`, '    </testcase>'];
}
