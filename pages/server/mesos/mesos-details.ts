import { HttpError } from '../../../engine/http/http-answer.ts';
import { listAt, textAt } from '../../../protocol/json.ts';
import type {
  AgentDetails,
  FrameworkDetails,
  MasterDetails,
  Offers,
  RoleDetails,
  TaskDetails,
  UsageDetails,
} from '../../picture/details.ts';
import type { ClusterPage } from '../cluster-page.ts';
import { agentServer, type AgentUrl } from '../task-files.ts';
import { SharedQuestions } from './ask.ts';
import { readAgentDetails, readTaskDetails, readUsage } from './read-agent.ts';
import { given, readFrameworkDetails, readMaster, readOffers, readRoles } from './read-details.ts';

const none = () => undefined;

/**
 * What no event tells, asked of the leading master or of an agent. Of all frameworks GET_FRAMEWORKS is asked:
 * `/frameworks` has all of their tasks, too.
 */
export class MesosDetails {
  readonly #page: ClusterPage;
  readonly #agentUrl: AgentUrl;
  readonly #questions = new SharedQuestions();

  constructor(page: ClusterPage, agentUrl: AgentUrl) {
    this.#page = page;
    this.#agentUrl = agentUrl;
  }

  /** @throws HttpError 502, 503; as all of these */
  async roles(): Promise<readonly RoleDetails[]> {
    return readRoles(await this.#get('/roles'));
  }

  async offers(): Promise<Offers> {
    return readOffers(await this.#call('GET_FRAMEWORKS'));
  }

  async master(): Promise<MasterDetails> {
    const [master, version, flags, metrics, roles] = await Promise.all([
      this.#call('GET_MASTER').catch(none),
      this.#get('/version').catch(none),
      this.#get('/flags').catch(none),
      this.#get('/metrics/snapshot'),
      this.#get('/roles').catch(none),
    ]);
    return readMaster({ master, version, flags, metrics, roles });
  }

  /** @throws HttpError 404 */
  async framework(id: string): Promise<FrameworkDetails> {
    const details = readFrameworkDetails(await this.#call('GET_FRAMEWORKS'), id);
    if (details === undefined) throw new HttpError(404, `The master knows no framework ${id} (any more).`);
    return details;
  }

  /** @throws HttpError 404 */
  async agent(id: string): Promise<AgentDetails> {
    let why: string | undefined;
    const [slaves, state, schedule, status] = await Promise.all([
      this.#get(`/slaves?slave_id=${encodeURIComponent(id)}`),
      this.#ofAgent(id, '/state').catch((error: unknown) => {
        why = error instanceof Error ? error.message : String(error);
      }),
      this.#get('/maintenance/schedule').catch(none),
      this.#get('/maintenance/status').catch(none),
    ]);
    const details = readAgentDetails(id, { slaves, state, why, schedule, status });
    if (details === undefined) throw new HttpError(404, `The agent ${id} is not in the cluster (any more).`);
    return details;
  }

  async usage(id: string): Promise<readonly UsageDetails[]> {
    return readUsage(await this.#ofAgent(id, '/containers'));
  }

  /** @throws HttpError 404 */
  async task(id: string): Promise<TaskDetails> {
    const row = this.#page.task(id);
    const framework = row?.framework;
    const ofFramework = framework === undefined ? '' : `&framework_id=${encodeURIComponent(framework)}`;
    const answer = await this.#get(`/tasks?task_id=${encodeURIComponent(id)}${ofFramework}`);
    const task = listAt(answer, 'tasks').find((each) => textAt(each, 'id') === id);
    const known = this.#page.historyOf(id);
    if (task === undefined && known.length === 0) {
      throw new HttpError(404, `The master knows nothing of the task ${id} (any more).`);
    }
    return { ...readTaskDetails(task, known), ...given('row', row) };
  }

  async #get(path: string): Promise<unknown> {
    return this.#questions.ask(`${this.#page.leader}${path}`);
  }

  async #call(type: string): Promise<unknown> {
    return this.#questions.ask(`${this.#page.leader}/api/v1`, { type });
  }

  async #ofAgent(id: string, path: string): Promise<unknown> {
    const agent = this.#page.agent(id);
    if (agent === undefined) throw new HttpError(404, `The agent ${id} is not in the cluster (any more).`);
    const { base, process } = agentServer(agent, this.#agentUrl);
    return this.#questions.ask(`${base}${process}${path}`);
  }
}
