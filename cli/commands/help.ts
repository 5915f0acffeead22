import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { isOn } from '../command-line/command-line.ts';
import { helpFor } from '../command-line/help.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import type { Command } from '../command-line/command.ts';
import { knownVerbs } from '../command-line/verbs.ts';
import { schemaFile } from '../lab/tool-copy.ts';

/** `help [VERB]` */
export const help: Command = (context, line) => {
  const [word] = line.positionals;
  const verb = word === undefined ? 'create' : knownVerbs.find((known) => known === word);
  if (verb === undefined) throw unknownVerb(word ?? '');
  context.stdout.write(helpFor(verb));
  return Promise.resolve(exitCodes.ok);
};

/** `version` */
export const version: Command = (context, line) => {
  const json = isOn(line, 'json');
  context.stdout.write(json ? `${JSON.stringify({ version: context.version })}\n` : `${context.version}\n`);
  return Promise.resolve(exitCodes.ok);
};

function unknownVerb(word: string): UserError {
  const near = nearest(word, knownVerbs);
  return new UserError({
    code: 'USAGE_UNKNOWN_VERB',
    message: `There is no verb ${word}`,
    found: word,
    allowed: knownVerbs.join(', '),
    fix: near === undefined ? 'create-mesos-cluster --help lists the verbs' : `create-mesos-cluster help ${near}`,
  });
}

/** `schema`: prints the JSON Schema of mesos-cluster.yaml, as published. */
export const schema: Command = (context) => {
  context.stdout.write(context.files.readText(schemaFile(context)));
  return Promise.resolve(exitCodes.ok);
};
