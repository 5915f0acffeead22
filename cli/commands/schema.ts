import { exitCodes } from '../../errors/exit-codes.ts';
import { schemaFile } from '../lab/tool-copy.ts';
import type { Command } from '../command-line/command.ts';

/** `schema`: prints the JSON Schema of mesos-cluster.yaml, as published. */
export const schema: Command = (context) => {
  context.stdout.write(context.files.readText(schemaFile(context)));
  return Promise.resolve(exitCodes.ok);
};
