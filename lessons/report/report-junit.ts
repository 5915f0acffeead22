import { junitXml } from '../../checks/verify/junit.ts';
import type { CheckResult } from '../../checks/verify/verify.ts';
import type { LearnReport, LessonReport } from '../../planning/lesson/report-shape.ts';

/** A report as JUnit XML: a test for each check; those of lessons that were not started are skipped. */
export function reportJunit(report: LearnReport): string {
  const checks = report.lessons.flatMap(resultsOf);
  const durationMs = checks.reduce((sum, each) => sum + each.durationMs, 0);
  const isPassed = checks.every(({ outcome }) => outcome === 'passed');
  const result = { runId: report.lab, outcome: isPassed ? 'passed' : 'failed', durationMs, checks } as const;
  return junitXml(result, `create-mesos-cluster learn: ${report.learner}`);
}

function resultsOf({ lesson, startedAt, passedAt: allAt, checks }: LessonReport): readonly CheckResult[] {
  let before = startedAt;
  return checks.map(({ title, passedAt, attempts, hints, solved }): CheckResult => {
    const isPassed = passedAt !== undefined || allAt !== undefined;
    const outcome = isPassed ? 'passed' : startedAt === undefined ? 'skipped' : 'failed';
    // Of a lesson that was begun anew one may be older than the one before it.
    const durationMs =
      passedAt === undefined || before === undefined ? 0 : Math.max(0, Date.parse(passedAt) - Date.parse(before));
    before = passedAt ?? before;
    const words = { passed: `reached ${passedAt ?? 'before a reset'}`, failed: 'not reached', skipped: 'not started' };
    const evidence = `${words[outcome]}; attempts ${attempts}, hints ${hints}${solved ? ', solved by the program' : ''}`;
    return { name: lesson, title, outcome, durationMs, evidence };
  });
}
