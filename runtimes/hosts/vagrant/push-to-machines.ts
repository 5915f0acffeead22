import { UserError, type Problem } from '../../../errors/user-error.ts';
import { dockerEngine } from '../../docker/docker-engine.ts';
import type { ImagesRequest } from '../../images-facet.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { pushImages, type Pushed } from '../images/push-images.ts';
import type { Machine } from './vagrant-lab.ts';

/**
 * `images push`: copies the lab's images to all of its machines. They have Docker once `vagrant up` has made them.
 * @param machines that there are
 * @throws UserError with each machine of the plan whose Docker does not answer
 */
export async function pushToMachines(
  world: HostsWorld,
  machines: readonly Machine[],
  { plan, directory, appImages, tell, signal }: ImagesRequest,
): Promise<Pushed> {
  const found = plan.nodes.map((node) => {
    const { name } = node;
    const machine = machines.find((each) => each.name === name) ?? { name, state: 'not created' };
    return { node, machine };
  });
  const nodes = found.flatMap(({ node, machine: { engine, containers } }) =>
    engine === undefined || containers === undefined ? [] : [{ node, engine }],
  );
  const [first, ...more] = found
    .filter(({ node }) => !nodes.some((reached) => reached.node === node))
    .map(({ machine }) => noAnswer(machine));
  if (first !== undefined) throw new UserError({ ...first, message: `${first.message}; nothing was copied` }, ...more);
  const apps = [...new Set(appImages.map(({ reference }) => reference))];
  const request = { plan, appImages: apps, local: dockerEngine(world), withComponents: true };
  return pushImages(nodes, request, { ...world, directory, tell, signal });
}

/** That nothing can be done with a machine now. */
export const noAnswer = ({ name, state }: Pick<Machine, 'name' | 'state'>): Problem => ({
  code: 'MACHINE_NODE_UNREACHABLE',
  message: `${name} is ${state === 'running' ? 'running, and its Docker does not answer' : state}`,
  fix: `create-mesos-cluster ssh ${name} shows whether it lets anybody in; create-mesos-cluster up mends what it can`,
});
