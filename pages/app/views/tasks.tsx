import './mesos.css';
import type { Known } from '../connection.ts';
import { TaskList } from '../parts/task-list.tsx';

export const Tasks = ({ known }: { readonly known: Known }) => <TaskList known={known} of={{}} />;
