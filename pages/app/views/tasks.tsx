import { useEffect, useState } from 'preact/hooks';
import type { Known } from '../connection.ts';
import { StateChip } from '../parts/chips.tsx';
import { FileView } from '../parts/file-view.tsx';
import { List } from '../parts/list.tsx';
import { TaskList } from '../parts/task-list.tsx';
import { megabytes } from '../parts/amounts.tsx';
import { get } from '../requests.ts';
import { linkTo } from '../route.ts';
import { words } from '../words.ts';

export const Tasks = ({ known }: { readonly known: Known }) => <TaskList known={known} of={{}} />;

interface File {
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
}

/** A task, what it has written, and the rest of its sandbox. */
export function Task({ known, id }: { readonly known: Known; readonly id: string }) {
  const task = known.picture.tasks.get(id);
  const [file, setFile] = useState('stdout');
  const [folder, setFolder] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    get(`/page/files?${new URLSearchParams({ task: id, folder }).toString()}`).then(
      (found) => {
        setFiles(found as readonly File[]);
        setTrouble('');
      },
      (error: unknown) => {
        setTrouble(error instanceof Error ? error.message : '');
      },
    );
  }, [id, folder, task?.state]);
  const pathOf = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  return (
    <>
      <h2>
        {task?.name ?? words.task} {task !== undefined && <StateChip state={task.state} />}
      </h2>
      <p class="quiet">{id}</p>
      {task !== undefined && (
        <p>
          {words.agent}{' '}
          <a href={linkTo('agents', task.agent)}>{known.picture.agents.get(task.agent)?.host ?? task.agent}</a>,{' '}
          {task.cpus} {words.cpus}, {megabytes(task.mem)}
          {task.why === undefined ? '' : `: ${task.why}`}
        </p>
      )}
      <FileView task={id} file={file} />
      <h3>{words.sandbox}</h3>
      {trouble !== '' && <p class="note">{trouble}</p>}
      {folder !== '' && (
        <button
          onClick={() => {
            setFolder(folder.split('/').slice(0, -1).join('/'));
          }}
        >
          ..
        </button>
      )}
      <List
        name={words.files}
        rows={files}
        keyOf={({ name }) => name}
        empty={words.noFiles}
        columns={[
          {
            title: words.name,
            show: ({ name, isFolder }) => (
              <button
                class="link"
                onClick={() => {
                  if (isFolder) setFolder(pathOf(name));
                  else setFile(pathOf(name));
                }}
              >
                {isFolder ? `${name}/` : name}
              </button>
            ),
          },
          { title: words.size, show: ({ size, isFolder }) => (isFolder ? '' : size.toLocaleString()) },
        ]}
      />
    </>
  );
}
