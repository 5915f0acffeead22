import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import './page.css';
import { connect, type Known } from './connection.ts';
import { takeToken } from './requests.ts';
import { useRoute } from './route.ts';
import { showTitle, subject } from './subject.ts';
import { Banner } from './parts/banner.tsx';
import { Agents, Agent } from './views/agents.tsx';
import { App, Apps } from './views/apps.tsx';
import { Frameworks } from './views/frameworks.tsx';
import { Overview } from './views/overview.tsx';
import { Task, Tasks } from './views/tasks.tsx';
import { words } from './words.ts';

function Page() {
  const [known, setKnown] = useState<Known>();
  const route = useRoute();
  useEffect(() => {
    connect(setKnown);
  }, []);
  useEffect(() => {
    const views: Readonly<Record<string, string>> = words.views;
    showTitle(route.id === '' ? (views[route.view] ?? route.view) : route.id);
  }, [route]);
  if (known === undefined) return null;
  const { picture } = known;
  const views = ['overview', 'agents', 'apps', 'frameworks', 'tasks'] as const;
  const shown = views.filter((view) => view !== 'apps' || picture.sources.has('marathon'));
  return (
    <>
      <header>
        <h1>
          <span class="name" title={subject.name}>
            {subject.name}
          </span>{' '}
          <span class="quiet">{subject.kind}</span>
        </h1>
        <nav aria-label={words.navigation}>
          {shown.map((view) => (
            <a key={view} href={`#/${view}`} aria-current={route.view === view ? 'page' : undefined}>
              {words.views[view]}
            </a>
          ))}
        </nav>
      </header>
      <Banner known={known} />
      <main>
        {route.view === 'overview' && <Overview known={known} />}
        {route.view === 'agents' &&
          (route.id === '' ? <Agents known={known} /> : <Agent known={known} id={route.id} />)}
        {route.view === 'apps' && (route.id === '' ? <Apps known={known} /> : <App known={known} id={route.id} />)}
        {route.view === 'frameworks' && <Frameworks known={known} id={route.id} />}
        {route.view === 'tasks' && (route.id === '' ? <Tasks known={known} /> : <Task known={known} id={route.id} />)}
      </main>
    </>
  );
}

takeToken();
render(<Page />, document.getElementById('page') ?? document.body);
