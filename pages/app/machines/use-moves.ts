import { useLayoutEffect, useRef } from 'preact/hooks';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly app: string;
  readonly hasLeft: boolean;
}

interface Source extends Place {
  readonly at: number;
}

/** A task that starts within this time takes the place of one that ended or is out of reach. */
const insteadMs = 60_000;
const moving = { duration: 700, easing: 'cubic-bezier(.3, .1, .2, 1)' } as const;
const shifting = { duration: 200, easing: 'ease-out' } as const;
const appearing = { duration: 300, easing: 'ease-out' } as const;

/**
 * Lets whatever is marked `data-task` below an element (which has to be positioned) move to where it is: a task that is
 * new comes from where one of the same app was lost, the others from where they were. Nobody's motion is forced.
 */
export function useMoves(root: { readonly current: HTMLElement | null }, changes: readonly unknown[]): void {
  const before = useRef<ReadonlyMap<string, Place> | undefined>(undefined);
  const sources = useRef<readonly Source[]>([]);
  useLayoutEffect(() => {
    const elements = [...(root.current?.querySelectorAll<HTMLElement>('[data-task]') ?? [])];
    const now = new Map(elements.map((element) => [element.dataset['task'] ?? '', placeOf(element)]));
    const was = before.current;
    before.current = now;
    if (was === undefined || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const at = performance.now();
    const gone = [...was].filter(([id, { hasLeft }]) => !hasLeft && (now.get(id)?.hasLeft ?? true));
    const left = sources.current.filter((source) => at - source.at < insteadMs);
    left.push(...gone.map(([, place]) => ({ ...place, at })));
    for (const element of elements) {
      const id = element.dataset['task'] ?? '';
      const place = now.get(id);
      if (place === undefined || place.hasLeft) continue;
      const former = was.get(id);
      const index = former === undefined ? left.findIndex(({ app }) => app === place.app) : -1;
      const [source] = index < 0 ? [] : left.splice(index, 1);
      if (former !== undefined) move(element, former, place, shifting);
      else if (source !== undefined) move(element, source, place, moving);
      else element.animate([{ transform: 'scale(0)', opacity: 0 }, {}], appearing);
    }
    sources.current = left;
  }, changes);
}

/** Where it will be when nothing moves any more. */
const placeOf = ({ offsetLeft, offsetTop, dataset }: HTMLElement): Place => ({
  x: offsetLeft,
  y: offsetTop,
  app: dataset['app'] ?? '',
  hasLeft: dataset['left'] === 'yes',
});

function move(element: HTMLElement, from: Place, to: Place, how: KeyframeAnimationOptions): void {
  const [x, y] = [from.x - to.x, from.y - to.y];
  if (x === 0 && y === 0) return;
  element.animate([{ transform: `translate(${x}px, ${y}px)`, zIndex: 1 }, { zIndex: 1 }], how);
}
