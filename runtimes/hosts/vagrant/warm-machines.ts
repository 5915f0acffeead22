import type { ImagesRequest, WarmedImage } from '../../images-facet.ts';
import { warmNodes } from '../images/warm-nodes.ts';
import { noAnswer } from './push-to-machines.ts';
import type { Machine } from './vagrant-lab.ts';

/** `images warm` on virtual machines. @param machines that there are */
export function warmMachines(
  machines: readonly Machine[],
  { plan, ...told }: Pick<ImagesRequest, 'plan' | 'tell' | 'signal'>,
  images: readonly string[],
): Promise<readonly WarmedImage[]> {
  const nodes = plan.nodes.map((node) => {
    const machine = machines.find(({ name }) => name === node.name) ?? { name: node.name, state: 'not created' };
    return { node, engine: machine.engine ?? noAnswer(machine) };
  });
  return warmNodes(nodes, images, told);
}
