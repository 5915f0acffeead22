import { useState } from 'preact/hooks';
import type { RegistryDetails, RegistryImageDetails } from '../../picture/details.ts';
import type { Known } from '../connection.ts';
import { Trouble } from '../mesos/facts.tsx';
import { useAsked } from '../mesos/use-asked.ts';
import { megabytes } from '../parts/amounts.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { List } from '../parts/list.tsx';
import { When } from '../parts/when.tsx';
import { send } from '../requests.ts';
import { words } from '../words.ts';

const everyMs = 5000;

const nameOf = ({ repository, tag }: RegistryImageDetails) => `${repository}:${tag}`;
const sizeOf = (bytes: number | undefined) => (bytes === undefined ? '?' : megabytes(bytes / 1e6));

/** What is in the registry of the lab; images are taken out of it. */
export function Registry({ known }: { readonly known: Known }) {
  const { answer, trouble } = useAsked<RegistryDetails>('/page/registry', everyMs);
  const [leaving, setLeaving] = useState<RegistryImageDetails>();
  const [removed, setRemoved] = useState<{ readonly of?: RegistryDetails; readonly keys: readonly string[] }>({
    keys: [],
  });
  if (answer === undefined && trouble === '') return <p class="quiet">{words.asking}</p>;
  // Until it is asked again: what is pushed once more is seen.
  const gone = removed.of === answer ? removed.keys : [];
  const images = (answer?.images ?? []).filter((image) => !gone.includes(keyOf(image)));
  const same = images.filter(
    ({ repository, digest }) => repository === leaving?.repository && digest === leaving.digest,
  );
  return (
    <>
      <h2>{words.views.registry}</h2>
      <Trouble trouble={trouble} />
      {answer !== undefined && (
        <p class="quiet">{words.ofRegistry.about(images.length, sizeOf(answer.bytes), answer.address)}</p>
      )}
      {answer !== undefined && (
        <List
          name={words.views.registry}
          rows={images}
          keyOf={keyOf}
          textOf={nameOf}
          empty={words.ofRegistry.none}
          columns={[
            ...columns,
            ...(known.mayChange
              ? [
                  {
                    title: words.ofApps.doing,
                    show: (image: RegistryImageDetails) => <RemoveButton image={image} onRemove={setLeaving} />,
                  },
                ]
              : []),
          ]}
        />
      )}
      {!known.mayChange && <p class="quiet">{words.onlyShows}</p>}
      {leaving !== undefined && (
        <Dialog
          title={words.ofRegistry.remove}
          doing={words.ofRegistry.remove}
          isDanger
          act={async () => {
            const named = same.map(({ repository, tag }) => ({ repository, tag }));
            await send('POST', '/page/registry/removal', JSON.stringify({ images: named }));
            setRemoved({ ...(answer === undefined ? {} : { of: answer }), keys: [...gone, ...same.map(keyOf)] });
          }}
          onClose={() => {
            setLeaving(undefined);
          }}
        >
          <p>{words.ofRegistry.sureRemove(same.map(nameOf))}</p>
        </Dialog>
      )}
    </>
  );
}

const keyOf = (image: RegistryImageDetails) => `${nameOf(image)}@${image.digest}`;

const columns = [
  { title: words.name, show: (image: RegistryImageDetails) => nameOf(image), sortBy: nameOf },
  {
    title: words.ofRegistry.digest,
    show: ({ digest }: RegistryImageDetails) => <code title={digest}>{digest.replace(/^([^:]+:.{12}).*$/, '$1')}</code>,
  },
  {
    title: words.ofRegistry.size,
    show: ({ bytes }: RegistryImageDetails) => sizeOf(bytes),
    sortBy: ({ bytes }: RegistryImageDetails) => bytes ?? 0,
  },
  {
    title: words.ofRegistry.created,
    show: ({ created }: RegistryImageDetails) => <When at={created} />,
    sortBy: ({ created }: RegistryImageDetails) => created ?? '',
  },
  {
    title: words.ofRegistry.platforms,
    show: ({ platforms, lacks }: RegistryImageDetails) => (
      <>
        {platforms.join(', ')}
        {lacks !== undefined && <span class="bad"> {words.ofRegistry.lacks(lacks)}</span>}
      </>
    ),
  },
] as const;

const RemoveButton = (props: {
  readonly image: RegistryImageDetails;
  readonly onRemove: (image: RegistryImageDetails) => void;
}) => (
  <button
    class="small"
    aria-label={words.ofRegistry.removeIt(nameOf(props.image))}
    onClick={() => {
      props.onRemove(props.image);
    }}
  >
    {words.ofRegistry.remove}
  </button>
);
