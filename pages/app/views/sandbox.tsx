import './mesos.css';
import type { Known } from '../connection.ts';
import { Sandbox } from '../mesos/sandbox.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

/** The sandbox of an executor. @param id that of the agent and of the container, with a space between */
export function ExecutorSandbox({ known, id }: { readonly known: Known; readonly id: string }) {
  const [agent = '', container = ''] = id.split(' ');
  return (
    <>
      <h2>{words.sandbox}</h2>
      <p class="quiet">
        {container} {words.on} <a href={linkTo('agents', agent)}>{known.picture.agents.get(agent)?.host ?? agent}</a>
      </p>
      <Sandbox place={{ agent, container }} />
    </>
  );
}
