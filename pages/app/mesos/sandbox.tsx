import { useEffect, useState } from 'preact/hooks';
import type { FileDetails } from '../../picture/details.ts';
import { FileView } from '../parts/file-view.tsx';
import { List } from '../parts/list.tsx';
import { words } from '../words.ts';
import { timeOf, Trouble } from './facts.tsx';
import { downloadOf, type Place } from './place.ts';
import { useAsked } from './use-asked.ts';

const everyMs = 4000;
const first: readonly string[] = ['stdout', 'stderr'];

/** What is in a sandbox, folder by folder, and its files, of which stdout and stderr are open. */
export function Sandbox({ place }: { readonly place: Place }) {
  const key = new URLSearchParams(place).toString();
  const [opened, setOpened] = useState(first);
  useEffect(() => {
    setOpened(first);
  }, [key]);
  const open = (path: string) => {
    setOpened((before) => [path, ...before.filter((each) => each !== path)]);
  };
  return (
    <>
      <div class="files">
        {opened.map((path) => (
          <FileView
            key={`${key} ${path}`}
            place={place}
            file={path}
            name={path}
            onClose={() => {
              setOpened((before) => before.filter((each) => each !== path));
            }}
          />
        ))}
      </div>
      <h3>{words.sandbox}</h3>
      <Folder key={key} place={place} open={open} />
    </>
  );
}

function Folder({ place, open }: { readonly place: Place; readonly open: (path: string) => void }) {
  const [folder, setFolder] = useState('');
  const { answer, trouble } = useAsked<readonly FileDetails[]>(
    `/page/files?${new URLSearchParams({ ...place, folder }).toString()}`,
    everyMs,
  );
  const pathOf = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  return (
    <>
      <Trouble trouble={trouble} />
      {folder !== '' && <Way folder={folder} setFolder={setFolder} />}
      <List
        name={words.files}
        rows={answer ?? []}
        keyOf={({ name }) => name}
        empty={answer === undefined ? '' : words.noFiles}
        columns={[
          {
            title: words.name,
            show: ({ name, isFolder }) => (
              <button
                class="link"
                onClick={() => {
                  if (isFolder) setFolder(pathOf(name));
                  else open(pathOf(name));
                }}
              >
                {isFolder ? `${name}/` : name}
              </button>
            ),
            sortBy: ({ name }) => name,
          },
          {
            title: words.size,
            show: ({ size, isFolder }) => (isFolder ? '' : size.toLocaleString('en')),
            sortBy: ({ size }) => size,
          },
          { title: words.mode, show: ({ mode }) => <code>{mode}</code>, sortBy: ({ mode }) => mode },
          { title: words.owner, show: ({ owner }) => owner, sortBy: ({ owner }) => owner },
          {
            title: words.changed,
            show: ({ changedAt }) => timeOf(changedAt),
            sortBy: ({ changedAt = 0 }) => changedAt,
          },
          {
            title: words.keep,
            show: ({ name, isFolder }) =>
              !isFolder && (
                <a href={downloadOf(place, pathOf(name))} download aria-label={words.downloadOf(name)}>
                  {words.download}
                </a>
              ),
          },
        ]}
      />
    </>
  );
}

/** Where in the sandbox the reader is, and the way back. */
function Way({ folder, setFolder }: { readonly folder: string; readonly setFolder: (folder: string) => void }) {
  const parts = folder === '' ? [] : folder.split('/');
  return (
    <nav aria-label={words.folders} class="way">
      {['', ...parts].map((part, index) => (
        <button
          key={index}
          class="link"
          aria-current={index === parts.length ? 'location' : undefined}
          onClick={() => {
            setFolder(parts.slice(0, index).join('/'));
          }}
        >
          {index === 0 ? words.sandbox : part}
        </button>
      ))}
    </nav>
  );
}
