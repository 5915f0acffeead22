import type { ShownAgent } from '../../picture/machines.ts';
import type { AgentRow } from '../../picture/tables.ts';
import { share } from '../parts/amounts.tsx';

/** Where the squares of a grid are, in CSS pixels. */
export interface GridShape {
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

const gap = 2;
/** What has just changed is framed for so long. */
const flashMs = 700;

/** As many columns as have room, but a group of a few is not one long line. @param all agents of all groups */
export function shapeOf(count: number, width: number, all: number): GridShape {
  const cell = all > 1000 ? 9 : 14;
  const columns = Math.max(1, Math.min(Math.floor(width / cell), Math.max(12, Math.ceil(Math.sqrt(count * 4)))));
  return { cell, columns, rows: Math.ceil(count / columns) };
}

export const fullness = ({ used, total }: AgentRow): number =>
  Math.max(share(used.cpus, total.cpus), share(used.mem, total.mem));

/** What a square shows of an agent; another one: it has just changed. */
const looksOf = ({ state, row }: ShownAgent) => `${state} ${row?.tasks ?? 0}`;

/** Paints the agents of a group, and remembers how they looked. */
export class GridPainter {
  #looks = new Map<string, string>();
  readonly #flashing = new Map<string, number>();
  #isFirst = true;

  /** @returns whether something flashes, and will have to be painted again */
  paint(canvas: HTMLCanvasElement, agents: readonly ShownAgent[], shape: GridShape, cursor: number): boolean {
    const scale = devicePixelRatio;
    const [width, height] = [shape.columns * shape.cell, shape.rows * shape.cell];
    const isResized = canvas.width !== width * scale || canvas.height !== height * scale;
    if (isResized) [canvas.width, canvas.height] = [width * scale, height * scale];
    canvas.style.setProperty('width', `${width}px`);
    canvas.style.setProperty('height', `${height}px`);
    const context = canvas.getContext('2d');
    if (context === null) return false;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const now = performance.now();
    this.#notice(agents, now);
    const [free, full, off, mark] = ['--cell-free', '--accent', '--bad', '--text'].map((name) =>
      colourOf(canvas, name),
    );
    const colours = { free: free ?? '', full: full ?? '', off: off ?? '', mark: mark ?? '' };
    agents.forEach((agent, index) => {
      const x = (index % shape.columns) * shape.cell;
      const y = Math.floor(index / shape.columns) * shape.cell;
      paintAgent(context, agent, { x, y, size: shape.cell - gap }, colours);
      if (index === cursor || this.#flashing.has(agent.key)) {
        context.strokeStyle = colours.mark;
        context.lineWidth = index === cursor ? 2 : 1;
        context.strokeRect(x - 0.5, y - 0.5, shape.cell - 1, shape.cell - 1);
      }
    });
    return this.#flashing.size > 0;
  }

  #notice(agents: readonly ShownAgent[], now: number): void {
    for (const [key, until] of this.#flashing) if (until < now) this.#flashing.delete(key);
    const looks = new Map<string, string>();
    for (const agent of agents) {
      const look = looksOf(agent);
      looks.set(agent.key, look);
      if (!this.#isFirst && this.#looks.get(agent.key) !== look) this.#flashing.set(agent.key, now + flashMs);
    }
    this.#looks = looks;
    this.#isFirst = false;
  }
}

/** A canvas does not know `light-dark()`: the browser says what it comes to. */
function colourOf(canvas: HTMLCanvasElement, name: string): string {
  canvas.style.setProperty('color', `var(${name})`);
  return getComputedStyle(canvas).color;
}

interface Square {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

interface Colours {
  readonly free: string;
  readonly full: string;
  readonly off: string;
}

/** Filled from below as far as the agent is; crossed out: it is not there. */
function paintAgent(
  context: CanvasRenderingContext2D,
  { state, row }: ShownAgent,
  { x, y, size }: Square,
  { free, full, off }: Colours,
): void {
  if (state === 'active' && row !== undefined) {
    context.fillStyle = free;
    context.fillRect(x, y, size, size);
    const filled = Math.ceil(fullness(row) * size);
    context.fillStyle = full;
    context.fillRect(x, y + size - filled, size, filled);
    return;
  }
  context.strokeStyle = off;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
  context.beginPath();
  context.moveTo(x + 1, y + 1);
  context.lineTo(x + size - 1, y + size - 1);
  // One line: it drains, two: it is gone.
  if (state !== 'draining' && state !== 'drained') {
    context.moveTo(x + size - 1, y + 1);
    context.lineTo(x + 1, y + size - 1);
  }
  context.stroke();
}
