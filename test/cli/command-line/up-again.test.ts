import { describe, expect, it } from 'vitest';
import { specUses } from '../../../cli/command-line/command-line.ts';
import { parseCommandLine } from '../../../cli/command-line/parse-command-line.ts';
import { settingsOf } from '../../../cli/command-line/spec-from-flags.ts';
import { upAgain } from '../../../cli/command-line/up-again.ts';

const again = (argv: readonly string[], ...flags: readonly string[]) => {
  const { line } = parseCommandLine(argv);
  return upAgain(line, settingsOf(specUses(line)), flags);
};

describe('up once more, with other ports,', () => {
  it.each([
    [['up'], ['--port-offset 100'], 'npm run up -- --port-offset 100'],
    [['up', '--port-offset', '100'], ['--port-offset 300'], 'npm run up -- --port-offset 300'],
    [
      ['up', '--port-offset=100', '--runtime', 'embedded', '--retain'],
      ['--port marathon=8180'],
      'npm run up -- --runtime embedded --retain --port-offset 100 --port marathon=8180',
    ],
    [
      ['up', '--port', 'marathon=1', '--port', 'mesos-master=2', '--service-ports', '1-2'],
      ['--port marathon=3', '--service-ports 4-5'],
      'npm run up -- --port mesos-master=2 --port marathon=3 --service-ports 4-5',
    ],
    [['up', '--lab', 'my lab'], ['--port-offset 100'], "npm --prefix 'my lab' run up -- --port-offset 100"],
    [['scale', 'agents', '3'], ['--port-offset 100'], 'npm run up -- --port-offset 100'],
  ])('is said of %j', (argv, flags, command) => {
    expect(again(argv, ...flags)).toBe(command);
  });

  it('keeps what the lab was started with', () => {
    const { line } = parseCommandLine(['up']);
    const settings = settingsOf(specUses(parseCommandLine(['up', '--port-offset', '100']).line));
    expect(upAgain(line, settings, ['--port marathon=8180'])).toBe(
      'npm run up -- --port-offset 100 --port marathon=8180',
    );
  });
});
