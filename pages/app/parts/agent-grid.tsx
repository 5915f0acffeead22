import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ShownAgent } from '../../picture/machines.ts';
import { fullness, GridPainter, shapeOf, type GridShape } from '../machines/paint-grid.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

/** Agents by zone and rack, or whatever attribute they have: a square each, filled as far as the agent is. */
export function AgentGrid({ agents }: { readonly agents: readonly ShownAgent[] }) {
  const groups = useMemo(() => grouped(agents), [agents]);
  const root = useRef<HTMLDivElement>(null);
  // Without a width it would be one long column, which is more than a canvas can be.
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      setWidth(root.current?.clientWidth ?? 0);
    };
    measure();
    addEventListener('resize', measure);
    return () => {
      removeEventListener('resize', measure);
    };
  }, []);
  return (
    <div class="groups" ref={root}>
      {(width === 0 ? [] : groups).map(([name, members]) => (
        <Group key={name} name={name} agents={members} shape={shapeOf(members.length, width, agents.length)} />
      ))}
    </div>
  );
}

const groupedBy = ['region', 'zone', 'rack'];

function grouped(agents: readonly ShownAgent[]): readonly (readonly [string, readonly ShownAgent[]])[] {
  const groups = Map.groupBy(agents, ({ row }) => groupedBy.flatMap((each) => row?.attributes[each] ?? []).join(' / '));
  return [...groups].sort(([one], [other]) => one.localeCompare(other, undefined, { numeric: true }));
}

interface GroupProps {
  readonly name: string;
  readonly agents: readonly ShownAgent[];
  readonly shape: GridShape;
}

/** Keys move a cursor over the squares; what is under it or under the mouse is said below, and opened. */
function Group({ name, agents, shape }: GroupProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef(new GridPainter());
  const [cursor, setCursor] = useState(-1);
  const [isFocused, setFocused] = useState(false);
  const shown = agents[cursor];
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      if (canvas.current === null) return;
      const flashes = painter.current.paint(canvas.current, agents, shape, isFocused ? cursor : -1);
      if (flashes) timer = setTimeout(paint, 400);
    };
    paint();
    return () => {
      clearTimeout(timer);
    };
  }, [agents, shape.columns, shape.cell, shape.rows, isFocused, isFocused ? cursor : -1]);
  const open = (agent: ShownAgent | undefined) => {
    if (agent?.id !== undefined && agent.state !== 'lost') location.hash = linkTo('agents', agent.id);
  };
  const under = ({ offsetX, offsetY }: MouseEvent) =>
    Math.floor(offsetY / shape.cell) * shape.columns + Math.min(Math.floor(offsetX / shape.cell), shape.columns - 1);
  const gone = agents.filter(({ state }) => state !== 'active').length;
  const title = `${name === '' ? '' : `${name}: `}${words.agents(agents.length)}`;
  return (
    <figure>
      <figcaption>
        {title}
        {gone > 0 && <strong class="gone"> {words.notActive(gone)}</strong>}
      </figcaption>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={`${title}. ${words.gridKeys}`}
        onMouseMove={(event) => {
          setCursor(under(event));
        }}
        onFocus={() => {
          setFocused(true);
          if (cursor < 0) setCursor(0);
        }}
        onBlur={() => {
          setFocused(false);
        }}
        onClick={(event) => {
          open(agents[under(event)]);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') open(shown);
          const next = moved(event.key, cursor, shape.columns, agents.length);
          if (next === undefined) return;
          event.preventDefault();
          setCursor(next);
        }}
      />
      <p class="quiet under-cursor" aria-live={isFocused ? 'polite' : 'off'}>
        {shown === undefined ? '\u00a0' : textOf(shown)}
      </p>
    </figure>
  );
}

/** Where a key leads; undefined: it is not for the grid. */
function moved(key: string, cursor: number, columns: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -count, End: count },
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, cursor + step));
}

const textOf = ({ name, state, row }: ShownAgent) =>
  [
    `${name}: ${state}`,
    ...(row === undefined ? [] : [words.tasks(row.tasks), `${words.percent(fullness(row))} ${words.inUseShort}`]),
  ].join(', ');
