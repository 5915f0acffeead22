import { describe, expect, it } from 'vitest';
import { gitFiles } from '../../generators/git-files.ts';
import { lockPath } from '../../lab/lab-layout.ts';
import { runFolder } from '../../runtimes/embedded/run-folder.ts';

const ignored = (gitFiles.find(({ path }) => path === '.gitignore')?.content ?? '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

describe('the .gitignore of a lab', () => {
  it('leaves out what is there only while the lab runs', () => {
    const { path } = runFolder('');
    expect(ignored).toContain(`${path.slice(1)}/`);
    // A lock that is taken from a dead process has that of a process behind it for a moment.
    expect(ignored).toContain(`${lockPath}*`);
  });
});
