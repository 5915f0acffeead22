import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import './page.css';
import { connect, type Known } from './connection.ts';
import { hasAddon } from './hour/addons.ts';
import { isGroupId } from './marathon/groups.ts';
import { takeToken } from './requests.ts';
import { Lessons } from './learn/lessons.tsx';
import { LessonPanel } from './learn/lesson-panel.tsx';
import { useLearning } from './learn/use-learning.ts';
import { useOpen } from './learn/use-open.ts';
import { useRoute, type Route } from './route.ts';
import { showTitle, subject } from './subject.ts';
import { Banner } from './parts/banner.tsx';
import { Agent } from './views/agent.tsx';
import { Agents } from './views/agents.tsx';
import { App } from './views/app/app.tsx';
import { Apps } from './views/apps/apps.tsx';
import { Autoscaler } from './views/autoscaler.tsx';
import { Deployments } from './views/apps/deployments.tsx';
import { Framework } from './views/framework.tsx';
import { Frameworks } from './views/frameworks.tsx';
import { Hour } from './views/hour.tsx';
import { Master } from './views/master.tsx';
import { Offers } from './views/offers.tsx';
import { Overview } from './views/overview.tsx';
import { Registry } from './views/registry.tsx';
import { Roles } from './views/roles.tsx';
import { ExecutorSandbox } from './views/sandbox.tsx';
import { Settings } from './views/settings.tsx';
import { Task } from './views/task.tsx';
import { Tasks } from './views/tasks.tsx';
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
  // What a lab is made of is known where its components are.
  const isLab = known !== undefined && known.picture.components.size > 0;
  const [isWanted, setIsWanted] = useOpen();
  const isOpen = isWanted && isLab;
  const learner = useLearning(isOpen || (isLab && route.view === 'learn'));
  if (known === undefined) return null;
  const { picture } = known;
  const views = [
    ...(['overview', 'agents', 'apps', 'deployments', 'frameworks', 'tasks'] as const),
    ...(['roles', 'offers', 'master', 'hour', 'autoscaler', 'registry', 'settings', 'learn'] as const),
  ];
  const shown = views.filter((view) => {
    if (view === 'overview') return true;
    if (view === 'settings' || view === 'learn' || view === 'hour') return isLab;
    if (view === 'autoscaler' || view === 'registry') return hasAddon(known, view);
    return picture.sources.has(view === 'apps' || view === 'deployments' ? 'marathon' : 'master');
  });
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
      <div class={isOpen ? 'with-lesson' : ''}>
        <main>
          <View known={known} route={route} />
          {route.view === 'learn' && isLab && (
            <Lessons
              known={known}
              learner={learner}
              isOpen={isOpen}
              onOpen={() => {
                setIsWanted(true);
              }}
            />
          )}
        </main>
        {isOpen && (
          <LessonPanel
            known={known}
            learner={learner}
            onClose={() => {
              setIsWanted(false);
            }}
          />
        )}
      </div>
    </>
  );
}

/** What of the cluster is looked at. */
const View = ({ known, route }: { readonly known: Known; readonly route: Route }) => (
  <>
    {route.view === 'overview' && <Overview known={known} />}
    {route.view === 'agents' && (route.id === '' ? <Agents known={known} /> : <Agent known={known} id={route.id} />)}
    {route.view === 'apps' &&
      (route.id === '' || isGroupId(route.id) ? (
        <Apps key={route.id} known={known} id={route.id === '' ? '/' : route.id} />
      ) : (
        <App key={route.id} known={known} id={route.id} part={route.part} />
      ))}
    {route.view === 'deployments' && <Deployments known={known} id={route.id} />}
    {route.view === 'frameworks' &&
      (route.id === '' ? <Frameworks known={known} /> : <Framework known={known} id={route.id} />)}
    {route.view === 'tasks' && (route.id === '' ? <Tasks known={known} /> : <Task known={known} id={route.id} />)}
    {route.view === 'roles' && <Roles known={known} id={route.id} />}
    {route.view === 'offers' && <Offers known={known} />}
    {route.view === 'master' && <Master known={known} />}
    {route.view === 'sandbox' && <ExecutorSandbox known={known} id={route.id} />}
    {route.view === 'hour' && <Hour known={known} />}
    {route.view === 'autoscaler' && <Autoscaler known={known} />}
    {route.view === 'registry' && <Registry known={known} />}
    {route.view === 'settings' && <Settings id={route.id} />}
  </>
);

takeToken();
render(<Page />, document.getElementById('page') ?? document.body);
