import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLogFile } from '../../platform/files/log-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'log-test-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

describe('a log file', () => {
  it('has the time in front of each line', () => {
    const path = join(folder(), 'master1.log');
    const log = openLogFile(path);
    log.write('one');
    log.write('two');
    log.close();
    expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one\n\S+Z two\n$/);
  });

  it('never takes more than twice its bound', () => {
    const path = join(folder(), 'master1.log');
    const log = openLogFile(path, 1000);
    for (let line = 0; line < 500; line++) log.write(`line ${String(line)}`);
    log.close();
    expect(statSync(path).size).toBeLessThanOrEqual(1000);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1000);
    expect(readFileSync(path, 'utf8')).toContain('line 499\n');
  });

  it('that cannot be opened or is closed takes lines and forgets them', () => {
    const log = openLogFile(join(folder(), 'absent', 'master1.log'));
    log.write('one');
    log.close();
    log.write('two');
    log.close();
  });
});
