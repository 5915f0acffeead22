import type { ExecutorDetails, UsageDetails } from '../../picture/details.ts';
import { megabytes, tenths } from '../parts/amounts.tsx';
import { StateChip } from '../parts/chips.tsx';
import { List } from '../parts/list.tsx';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';
import { Trouble } from './facts.tsx';
import { useAsked } from './use-asked.ts';
import { useRates } from './use-rates.ts';

const everyMs = 2000;

/** Executors with what their containers use now. */
export function Executors({ id, executors }: { readonly id: string; readonly executors: readonly ExecutorDetails[] }) {
  const query = new URLSearchParams({ id }).toString();
  const { answer: usage = [], trouble } = useAsked<readonly UsageDetails[]>(`/page/usage?${query}`, everyMs);
  const rates = useRates(usage);
  const used = new Map(usage.map((each) => [each.container, each]));
  const cpusOf = ({ container }: ExecutorDetails) => rates.get(container);
  const memoryOf = ({ container }: ExecutorDetails) => used.get(container)?.memory;
  return (
    <>
      <h3>{words.executors}</h3>
      <Trouble trouble={trouble} />
      <List
        name={words.executors}
        rows={[...executors].sort((one, other) => Number(one.isCompleted) - Number(other.isCompleted))}
        keyOf={({ framework, id: executor, container }) => `${framework} ${executor} ${container}`}
        textOf={({ id: executor, name, frameworkName, container }) =>
          `${executor} ${name} ${frameworkName} ${container}`
        }
        empty={words.noExecutors}
        columns={[
          {
            title: words.executor,
            show: ({ id: executor, name }) => <span title={name}>{executor}</span>,
            sortBy: ({ id: executor }) => executor,
          },
          {
            title: words.state,
            show: ({ isCompleted }) => <StateChip state={isCompleted ? 'completed' : 'running'} />,
            sortBy: ({ isCompleted }) => Number(isCompleted),
          },
          {
            title: words.framework,
            show: ({ framework, frameworkName }) => <a href={linkTo('frameworks', framework)}>{frameworkName}</a>,
            sortBy: ({ frameworkName }) => frameworkName,
          },
          { title: words.views.tasks, show: ({ tasks }) => tasks, sortBy: ({ tasks }) => tasks },
          {
            title: words.cpusInUse,
            show: (each) => {
              const cpus = cpusOf(each);
              return cpus === undefined ? '' : words.of(hundredths(cpus), tenths(each.resources['cpus'] ?? 0));
            },
            sortBy: (each) => cpusOf(each) ?? -1,
          },
          {
            title: words.memoryInUse,
            show: (each) => {
              const bytes = memoryOf(each);
              const limit = megabytes(each.resources['mem'] ?? 0);
              return bytes === undefined ? '' : words.of(megabytes(bytes / 1024 / 1024), limit);
            },
            sortBy: (each) => memoryOf(each) ?? -1,
          },
          {
            title: words.sandbox,
            show: ({ container }) => (
              <a
                href={linkTo('sandbox', `${id} ${container}`)}
                aria-label={words.sandboxOf(container)}
                title={container}
              >
                {container.slice(0, 8)}
              </a>
            ),
            sortBy: ({ container }) => container,
          },
        ]}
      />
    </>
  );
}

const hundredths = (amount: number) => String(Math.round(amount * 100) / 100);
