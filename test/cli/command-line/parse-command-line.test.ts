import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../cli/command-line/parse-command-line.ts';

const usesOf = (...argv: string[]) => parseCommandLine(argv).line.uses.map(({ flag, text }) => `${flag.name}=${text}`);
const problemsOf = (...argv: string[]) =>
  parseCommandLine(argv).problems.map(({ code, message, fix = '' }) => `${code} ${message}; ${fix}`);

describe('the command line', () => {
  it.each([
    [['--masters', '3'], ['masters=3']],
    [['--masters=3'], ['masters=3']],
    [['--attributes=rack=1'], ['attributes=rack=1']],
    [['--attributes=-x'], ['attributes=-x']],
    [['--spec', '-'], ['spec=-']],
    [['-y'], ['yes=true']],
    [
      ['--yes', '--no-yes'],
      ['yes=true', 'yes=false'],
    ],
    [['--no-native-config'], ['native-config=false']],
    [['--no-proxy', 'a,b'], ['no-proxy=a,b']],
    [
      ['--no-color', '--no-interactive'],
      ['no-color=true', 'no-interactive=true'],
    ],
    [
      ['--addon', 'chronos', '--addon', 'registry'],
      ['addon=chronos', 'addon=registry'],
    ],
  ])('reads %j', (argv, uses) => {
    expect(usesOf(...argv)).toEqual(uses);
    expect(problemsOf(...argv)).toEqual([]);
  });

  it.each([
    [['my-lab'], 'create', ['my-lab']],
    [['up'], 'up', []],
    [['--lab', 'x', 'up'], 'up', []],
    [['./up'], 'create', ['./up']],
    [['--', 'up'], 'create', ['up']],
    [['explain', '--', '--group'], 'explain', ['--group']],
    [['.'], 'create', ['.']],
    [['..'], 'create', ['..']],
    [['logs', 'master1', '-f'], 'logs', ['master1']],
    [['up', '--runtime', 'embedded'], 'up', []],
    [['--runtime', 'embedded', 'up'], 'up', []],
    [['up', '--port', 'marathon=9000', '--port-offset', '100'], 'up', []],
    [['scale', 'nginx', '3'], 'scale', ['nginx', '3']],
  ])('takes the verb and the arguments from %j', (argv, verb, positionals) => {
    const { line, problems } = parseCommandLine(argv);
    expect([line.verb, line.positionals, problems]).toEqual([verb, positionals, []]);
  });

  it.each([
    [['--mastres', '3'], 'USAGE_UNKNOWN_FLAG There is no flag --mastres; Did you mean --masters?'],
    [['--zzzzzzzzz'], 'USAGE_UNKNOWN_FLAG There is no flag --zzzzzzzzz; create-mesos-cluster --help lists the flags'],
    [['-z'], 'USAGE_UNKNOWN_FLAG There is no flag -z; '],
    [['--no-masters'], 'USAGE_UNKNOWN_FLAG There is no flag --no-masters; '],
    [['--masters'], 'USAGE_FLAG_VALUE --masters needs a value; --masters N'],
    [['--masters', '--yes'], 'USAGE_FLAG_VALUE --masters needs a value; --masters=N'],
    [['--masters='], 'USAGE_FLAG_VALUE --masters does not take this value'],
    [['--masters', 'three'], 'USAGE_FLAG_VALUE --masters does not take this value'],
    [['--masters', '-1'], 'USAGE_FLAG_VALUE --masters does not take this value'],
    [['--preset', 'big'], 'USAGE_FLAG_VALUE --preset does not take this value'],
    [['--yes=no'], 'USAGE_FLAG_VALUE --yes does not take this value'],
    [['--masters', '1', '--masters', '3'], 'USAGE_FLAG_VALUE --masters is given more than once; Keep one'],
    [
      ['generate', '--masters', '3'],
      'USAGE_UNKNOWN_FLAG The verb generate does not take --masters; Set counts.masters in mesos-cluster.yaml',
    ],
    [['up', '--yes'], 'USAGE_UNKNOWN_FLAG The verb up does not take --yes'],
    [['one', 'two'], 'USAGE_ARGUMENTS There are too many arguments'],
    [['generate', 'x'], 'USAGE_ARGUMENTS There are too many arguments'],
    [[''], 'USAGE_ARGUMENTS An argument is empty'],
    [['deploy'], 'USAGE_ARGUMENTS There are too few arguments'],
    [['scale', 'nginx'], 'USAGE_ARGUMENTS There are too few arguments'],
    [['up', '--runtime', 'machines'], 'USAGE_FLAG_VALUE --runtime does not take this value'],
    [['lab', '--runtime', 'embedded'], 'USAGE_FLAG_VALUE --runtime does not take this value'],
    [['up', '--port-offset', 'x'], 'USAGE_FLAG_VALUE --port-offset does not take this value'],
    [['down', '--port-offset', '1'], 'USAGE_UNKNOWN_FLAG The verb down does not take --port-offset'],
  ])('refuses %j', (argv, problem) => {
    expect(problemsOf(...argv)).toEqual([expect.stringContaining(problem)]);
  });

  it.each(['upp', 'Up', 'dwon', 'generat', 'plann', 'statsu', 'verfiy', 'logz', 'hlep', 'dow', 'lsit', 'scael'])(
    'does not take the mistyped verb %s for a folder',
    (word) => {
      expect(problemsOf(word)).toEqual([
        expect.stringMatching(
          /^USAGE_UNKNOWN_VERB .*; create-mesos-cluster \w+, or create-mesos-cluster \.\/\w+ for a folder$/,
        ),
      ]);
      expect(problemsOf(`./${word}`)).toEqual([]);
      expect(problemsOf(`${word}/`)).toEqual([]);
    },
  );

  it.each([
    ['destroy', 'create-mesos-cluster down'],
    ['Halt', 'create-mesos-cluster down'],
    ['launch', 'create-mesos-cluster up'],
    ['ps', 'create-mesos-cluster status'],
    ['build', 'create-mesos-cluster generate'],
    ['create', 'create-mesos-cluster my-lab'],
    ['init', 'create-mesos-cluster my-lab'],
    ['attach', 'create-mesos-cluster --help'],
  ])('does not take %s, a verb of other tools, for a folder', (word, fix) => {
    const [told, ...others] = problemsOf(word, 'lab', '--force');
    expect(told).toMatch(/^USAGE_UNKNOWN_VERB /);
    expect(told).toContain(`; ${fix}, or create-mesos-cluster ./${word} for a folder`);
    expect(others).toEqual([]);
    expect(problemsOf(`./${word}`)).toEqual([]);
  });

  it.each([
    [['--preset', 'sinlge'], 'Did you mean single?'],
    [['--preset', 'foo'], 'Write one of these words'],
    [['--preset', 'constructor'], 'Write one of these words'],
    [['--timing', 'fats'], 'Write one of these words'],
    [['--image-set', 'clustered'], 'Did you mean clusterd?'],
    [['--addon', 'cronos'], 'Did you mean chronos?'],
    [['--image', 'maraton=a'], 'Did you mean marathon?'],
    [['--node', 'name=a,roles=zookeper'], 'Did you mean zookeeper?'],
    [['--node', 'name=a'], 'Add roles='],
  ])('says what to do about %j', (argv, fix) => {
    expect(problemsOf(...argv)).toEqual([expect.stringContaining(`; ${fix}`)]);
  });

  it.each([['--masters', 'x'], ['--port', '=1'], ['--no-proxy', 'a,,b'], ['--yes=no'], ['--name='], ['a', 'b'], ['']])(
    'has a fix for %j %j',
    (...argv) => {
      const { problems } = parseCommandLine(argv);
      expect(problems.map(({ fix = '' }) => fix)).toEqual([expect.stringMatching(/\S/)]);
    },
  );

  it.each(['lab', 'x', 'ha', 'my-lab', 'mesos', 'demo', 'cluster', 'test', 'workshop'])(
    'takes %s for a folder',
    (word) => {
      expect(problemsOf(word)).toEqual([]);
    },
  );

  it('reports all problems at once', () => {
    expect(problemsOf('lab', 'b', '--mastres', '--agents', 'x', '--preset')).toHaveLength(4);
    expect(problemsOf('upp', 'b', '--agents', 'x')).toHaveLength(2);
  });
});
