import type { AppRow } from '../../../picture/tables.ts';
import { words } from '../../words.ts';

type Counts = Pick<AppRow, 'instances' | 'running' | 'staged' | 'healthy' | 'unhealthy'>;

const width = 80;

/** How many are healthy, sick, not checked, starting, and missing: as parts of a bar, and in words. */
export function HealthBar({ instances, running, staged, healthy, unhealthy }: Counts) {
  const unchecked = Math.max(0, running - healthy - unhealthy);
  const parts = [
    ['healthy', healthy],
    ['unhealthy', unhealthy],
    ['unchecked', unchecked],
    ['staged', staged],
    ['missing', Math.max(0, instances - running - staged)],
  ] as const;
  const shown = parts.filter(([, count]) => count > 0);
  const total = shown.reduce((sum, [, count]) => sum + count, 0);
  const text = shown.map(([name, count]) => words.ofApps.counted[name](count)).join(', ');
  let x = 0;
  return (
    <span class="health">
      <svg width={width} height={8} viewBox={`0 0 ${width} 8`} aria-hidden="true">
        <rect width={width} height={8} class="none" />
        {shown.map(([name, count]) => {
          const start = x;
          x += (count / total) * width;
          return <rect key={name} x={start} width={x - start} height={8} class={name} />;
        })}
      </svg>{' '}
      {text}
    </span>
  );
}
