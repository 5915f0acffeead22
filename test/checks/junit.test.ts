import { describe, expect, it } from 'vitest';
import { junitXml } from '../../checks/verify/junit.ts';
import type { CheckResult, VerifyResult } from '../../checks/verify/verify.ts';

const check = (name: string, outcome: CheckResult['outcome'], evidence: string): CheckResult => ({
  name,
  title: `${name} is right`,
  outcome,
  durationMs: 1234,
  evidence,
});
const result = (...checks: CheckResult[]): VerifyResult => ({
  runId: 'r',
  outcome: 'failed',
  durationMs: 5000,
  checks,
});

describe('JUnit XML', () => {
  it('has a test case for each check, with its time and its evidence', () => {
    const text = junitXml(
      result(check('a', 'passed', 'seen'), check('b', 'failed', '503 no'), check('c', 'skipped', 'it needs b')),
    );
    expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" skipped="1" time="5.000">
  <testsuite name="create-mesos-cluster verify" tests="3" failures="1" errors="0" skipped="1" time="5.000">
    <testcase name="a: a is right" classname="create-mesos-cluster verify" time="1.234">
      <system-out>seen</system-out>
    </testcase>
    <testcase name="b: b is right" classname="create-mesos-cluster verify" time="1.234">
      <failure message="503 no">503 no</failure>
    </testcase>
    <testcase name="c: c is right" classname="create-mesos-cluster verify" time="1.234">
      <skipped message="it needs b"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('survives whatever a broken server answers', () => {
    const text = junitXml(result(check('a', 'failed', `<b>"Tom & 'Jerry'"</b>\n\u0000\u001b[31m\ud800 ]]> \u{1f600}`)));
    expect(text).toContain(
      `message="&lt;b&gt;&quot;Tom &amp; 'Jerry'&quot;&lt;/b&gt;&#10;\ufffd\ufffd[31m\ufffd ]]&gt; \u{1f600}"`,
    );
  });
});
