import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { AgentRow } from '../../picture/tables.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';
import { share } from './amounts.tsx';

const cell = 12;
type Agent = readonly [string, AgentRow];

/** Agents by zone and rack, or whatever attribute they have: a square each, the fuller the stronger. */
export function AgentGrid({ agents }: { readonly agents: readonly Agent[] }) {
  const groups = useMemo(() => grouped(agents), [agents]);
  return (
    <div class="groups">
      {groups.map(([name, members]) => (
        <figure key={name}>
          <figcaption>
            {name === '' ? '' : `${name}: `}
            {words.agents(members.length)}
          </figcaption>
          <Squares name={name} agents={members} />
        </figure>
      ))}
    </div>
  );
}

const groupedBy = ['zone', 'rack', 'region'];

function grouped(agents: readonly Agent[]): readonly (readonly [string, readonly Agent[]])[] {
  const groups = new Map<string, Agent[]>();
  for (const agent of agents) {
    const { attributes } = agent[1];
    const name = groupedBy.flatMap((each) => attributes[each] ?? []).join(' / ');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [agent]);
    else group.push(agent);
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other, undefined, { numeric: true }));
}

function Squares({ name, agents }: { readonly name: string; readonly agents: readonly Agent[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = Math.max(1, Math.min(Math.ceil(Math.sqrt(agents.length * 4)), 80));
  const rows = Math.ceil(agents.length / columns);
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, agents, columns);
  }, [agents, columns]);
  const under = ({ offsetX, offsetY }: MouseEvent) => {
    const scale = (columns * cell) / (canvas.current?.clientWidth ?? columns * cell);
    return agents[Math.floor((offsetY * scale) / cell) * columns + Math.floor((offsetX * scale) / cell)];
  };
  return (
    <canvas
      ref={canvas}
      width={columns * cell}
      height={rows * cell}
      role="img"
      aria-label={`${name} ${words.agents(agents.length)}`}
      onMouseMove={(event) => {
        const [, row] = under(event) ?? [];
        event.currentTarget.title =
          row === undefined ? '' : `${row.host}: ${words.tasks(row.tasks)}, ${words.percent(fullness(row))}`;
      }}
      onClick={(event) => {
        const [id] = under(event) ?? [];
        if (id !== undefined) location.hash = linkTo('agents', id);
      }}
    />
  );
}

const fullness = ({ used, total }: AgentRow) => Math.max(share(used.cpus, total.cpus), share(used.mem, total.mem));

function paint(canvas: HTMLCanvasElement, agents: readonly Agent[], columns: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const [free, full, off] = ['--cell-free', '--accent', '--bad'].map((name) => style.getPropertyValue(name));
  context.clearRect(0, 0, canvas.width, canvas.height);
  agents.forEach(([, row], index) => {
    const [x, y] = [(index % columns) * cell, Math.floor(index / columns) * cell];
    context.globalAlpha = 1;
    context.fillStyle = (row.state === 'active' ? free : off) ?? '';
    context.fillRect(x, y, cell - 2, cell - 2);
    if (row.state !== 'active') return;
    context.globalAlpha = fullness(row);
    context.fillStyle = full ?? '';
    context.fillRect(x, y, cell - 2, cell - 2);
  });
}
