import type { AmountsByName, ResourceItem } from '../../picture/details.ts';
import { megabytes, tenths } from '../parts/amounts.tsx';
import { scrollable } from '../parts/scrollable.ts';
import { words } from '../words.ts';

const first = ['cpus', 'gpus', 'mem', 'disk'];
const isAmount = (name: string) => name === 'mem' || name === 'disk';

/** `1.5 CPUs`, `64 MB memory`, `ports 31000-32000` */
function amountText(name: string, amount: number | string): string {
  if (typeof amount === 'string') return `${name} ${amount}`;
  const number = isAmount(name) ? megabytes(amount) : String(Math.round(amount * 1000) / 1000);
  return `${number} ${words.resource[name] ?? name}`;
}

/** In the order in which people think of them; nothing of what there is nothing of. */
export function amountsText(amounts: AmountsByName): string {
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return Object.entries(amounts)
    .filter(([, amount]) => amount !== 0)
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([name, amount]) => amountText(name, amount))
    .join(', ');
}

/** What is bound to nothing: sums by name. */
export const sumByName = (items: readonly ResourceItem[]): AmountsByName => {
  const sum: Record<string, number> = {};
  for (const { name, amount } of items) if (typeof amount === 'number') sum[name] = (sum[name] ?? 0) + amount;
  return sum;
};

/** Resources as text: what is reserved or a volume says so. */
export const resourcesText = (items: readonly ResourceItem[]): string => items.map(itemText).join(', ');

function itemText({ name, amount, role, volume, path, isShared, isRevocable }: ResourceItem): string {
  const bound = [
    role === undefined ? '' : words.reservedFor(role),
    volume === undefined ? '' : words.volumeAt(volume, path ?? ''),
    isShared === true ? words.shared : '',
    isRevocable === true ? words.revocable : '',
  ].filter((text) => text !== '');
  return `${amountText(name, amount)}${bound.length === 0 ? '' : ` (${bound.join(', ')})`}`;
}

/** Processors, memory and disk of several kinds, side by side. */
export function AmountTable(props: {
  readonly name: string;
  readonly rows: readonly (readonly [string, AmountsByName])[];
}) {
  const { name, rows } = props;
  const all = new Set([...first, ...rows.flatMap(([, amounts]) => Object.keys(amounts))]);
  const names = [...all].filter((each) => each !== 'gpus' || rows.some(([, amounts]) => (amounts[each] ?? 0) > 0));
  const text = (resource: string, amount = 0) => (isAmount(resource) ? megabytes(amount) : tenths(amount));
  return (
    <div {...scrollable(name)}>
      <table class="amounts" aria-label={name}>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            {names.map((each) => (
              <th key={each} scope="col">
                {words.resource[each] ?? each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([title, amounts]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {names.map((each) => (
                <td key={each}>{text(each, amounts[each])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
