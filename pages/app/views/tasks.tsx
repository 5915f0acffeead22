import './mesos.css';
import type { Known } from '../connection.ts';
import { TaskList } from '../parts/task-list.tsx';
import { words } from '../words.ts';

export const Tasks = ({ known }: { readonly known: Known }) => (
  <>
    <h2>{words.views.tasks}</h2>
    <TaskList known={known} of={{}} />
  </>
);
