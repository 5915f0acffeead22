import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import './page.css';
import { connect, type Known } from './connection.ts';
import { isGroupId } from './marathon/groups.ts';
import { takeToken } from './requests.ts';
import { useRoute } from './route.ts';
import { Banner } from './parts/banner.tsx';
import { Agents, Agent } from './views/agents.tsx';
import { App } from './views/app/app.tsx';
import { Apps } from './views/apps/apps.tsx';
import { Deployments } from './views/apps/deployments.tsx';
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
  if (known === undefined) return null;
  const { picture } = known;
  const views = ['overview', 'agents', 'apps', 'deployments', 'frameworks', 'tasks'] as const;
  const ofMarathon: readonly string[] = ['apps', 'deployments'];
  const shown = views.filter((view) => !ofMarathon.includes(view) || picture.sources.has('marathon'));
  return (
    <>
      <header>
        <h1>{words.title}</h1>
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
        {route.view === 'apps' &&
          (route.id === '' || isGroupId(route.id) ? (
            <Apps key={route.id} known={known} id={route.id === '' ? '/' : route.id} />
          ) : (
            <App key={route.id} known={known} id={route.id} part={route.part} />
          ))}
        {route.view === 'deployments' && <Deployments known={known} id={route.id} />}
        {route.view === 'frameworks' && <Frameworks known={known} id={route.id} />}
        {route.view === 'tasks' && (route.id === '' ? <Tasks known={known} /> : <Task known={known} id={route.id} />)}
      </main>
    </>
  );
}

takeToken();
render(<Page />, document.getElementById('page') ?? document.body);
