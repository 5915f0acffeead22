import type { Context } from '../../platform/context.ts';

/** Whether the files of a lab are for machines of their own: then neither Docker here nor we can run it. */
export function isForMachines({ files }: Pick<Context, 'files'>, directory: string): boolean {
  return ['Vagrantfile', 'nodes'].some((name) => files.kindOf(`${directory}/${name}`) !== undefined);
}
