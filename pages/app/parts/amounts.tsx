import type { Amounts } from '../../picture/tables.ts';
import { words } from '../words.ts';

export const sum = (all: Iterable<Amounts>): Amounts => {
  const total = { cpus: 0, mem: 0, disk: 0 };
  for (const { cpus, mem, disk } of all) {
    total.cpus += cpus;
    total.mem += mem;
    total.disk += disk;
  }
  return total;
};

export const share = (used: number, total: number): number => (total <= 0 ? 0 : Math.min(1, used / total));

/** `1.5 GB`, of megabytes. */
export function megabytes(amount: number): string {
  if (amount < 1024) return `${Math.round(amount)} MB`;
  const gigabytes = amount / 1024;
  return gigabytes < 1024 ? `${tenths(gigabytes)} GB` : `${tenths(gigabytes / 1024)} TB`;
}

export const tenths = (amount: number): string => (Math.round(amount * 10) / 10).toLocaleString('en');

/** How much of something is in use. */
function Bar(props: { readonly name: string; readonly used: number; readonly total: number; readonly text: string }) {
  const { name, used, total, text } = props;
  return (
    <div class="bar">
      <span class="bar-name">{name}</span>
      <meter min={0} max={Math.max(total, 0.001)} value={Math.min(used, total)} aria-label={`${name}: ${text}`} />
      <span class="bar-text">{text}</span>
    </div>
  );
}

/** Processors and memory. */
export const Bars = ({ used, total }: { readonly used: Amounts; readonly total: Amounts }) => (
  <>
    <Bar name={words.cpus} used={used.cpus} total={total.cpus} text={words.of(tenths(used.cpus), tenths(total.cpus))} />
    <Bar
      name={words.memory}
      used={used.mem}
      total={total.mem}
      text={words.of(megabytes(used.mem), megabytes(total.mem))}
    />
  </>
);
