import { describe, expect, it } from 'vitest';
import { askFolder, underHome } from '../../cli/questions/ask-folder.ts';

const env = { HOME: '/home/$&ann' };

describe('the folder that is asked for', () => {
  it('is that of the user when the answer begins with a tilde', async () => {
    const asking = { context: { env }, line: {}, prompt: () => Promise.resolve('~/labs/one') };
    expect(await askFolder(asking as unknown as Parameters<typeof askFolder>[0])).toBe('/home/$&ann/labs/one');
  });

  it.each([
    ['~', '/home/$&ann'],
    ['~ann/lab', '~ann/lab'],
    ['a~/lab', 'a~/lab'],
    ['lab', 'lab'],
  ])('%s', (typed, folder) => {
    expect(underHome(typed, env)).toBe(folder);
  });
});
