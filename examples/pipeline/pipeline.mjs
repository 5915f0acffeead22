#!/usr/bin/env node
/*
 * From a push to running, the same for every CI and by hand: builds the app's image, pushes it to the registry of a lab,
 * brings it in by blue-green, asks it through the load balancer, and goes back to the version before where that is wrong.
 *
 *   LAB=../my-lab node pipeline.mjs
 *
 * Exit codes: 0 the version runs; 5 it was not well, and the version before has all requests (deploy went back); 6 it was
 * well and answers wrong, and the version before was deployed again; 7 it answers wrong and still serves, as there is no
 * version before it, or that could not be deployed; all others are those of the command that failed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const here = dirname(fileURLToPath(import.meta.url));
const app = join(here, 'app');
const { env } = process;

/** The lab's folder. */
const lab = resolve(env.LAB ?? '.');
/** Tag of the image and version of the app: each is built once, and never another one later. */
const version = env.VERSION ?? run('git', ['-C', here, 'rev-parse', '--short=12', 'HEAD']).trim();
/** The lab's registry as this machine reaches it, and as the agents do: theirs is in the lab's network. */
const registry = env.REGISTRY ?? '127.0.0.1:5000';
const registryOfAgents = env.REGISTRY_OF_AGENTS ?? 'registry:5000';
const marathon = env.MARATHON ?? 'http://127.0.0.1:8080';
/** The service port of app/marathon.json at the lab's load balancer. */
const service = env.SERVICE ?? 'http://127.0.0.1:10005';
/** What the image is built upon. */
const buildArguments = env.BASE === undefined ? [] : ['--build-arg', `BASE=${env.BASE}`];

const name = 'hello';
const pushed = `${registry}/${name}:${version}`;

/** Runs a program and returns what it prints; its errors are shown. Arguments are a list: no shell reads them. */
function run(program, words, options = {}) {
  const stdin = options.input === undefined ? 'ignore' : 'pipe';
  return execFileSync(program, words, { encoding: 'utf8', stdio: [stdin, 'pipe', 'inherit'], ...options });
}

const step = (text) => console.log(`== ${text}`);

function build() {
  step(`Building ${pushed}`);
  run('docker', ['build', '--quiet', '--build-arg', `VERSION=${version}`, ...buildArguments, '--tag', pushed, app]);
}

/** `user:password` of the lab's registry: what the CI keeps as a secret, or the file in the lab, where that is here. */
function credentials() {
  const file = join(lab, 'secrets/registry');
  if (env.REGISTRY_CREDENTIALS === undefined && !existsSync(file)) {
    throw new Error(`No credentials: there is no ${file} (LAB is a lab with the add-on registry), and no REGISTRY_CREDENTIALS`);
  }
  const text = env.REGISTRY_CREDENTIALS ?? readFileSync(file, 'utf8');
  const [user = '', ...password] = text.trim().split(':');
  return { user, password: password.join(':') };
}

/** Logs in where nobody else reads it: the password is in a folder that ends with this push. */
function push() {
  step(`Pushing ${pushed}`);
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  try {
    const environment = { ...env, DOCKER_CONFIG: folder };
    const { user, password } = credentials();
    const login = ['login', '--username', user, '--password-stdin', registry];
    // It warns of the file that ends here.
    run('docker', login, { env: environment, input: password, stdio: 'pipe' });
    run('docker', ['push', '--quiet', pushed], { env: environment });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The image that serves now, as the agents call it; undefined when there is none.
 * @param image the new one: of a run that was killed it may serve as well
 */
async function imageBefore(image) {
  const query = `label=${encodeURIComponent(`HAPROXY_DEPLOYMENT_GROUP==${name}`)}`;
  const answer = await fetch(`${marathon}/v2/apps?${query}`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`Marathon answers ${answer.status}: ${await answer.text()}`);
  const { apps } = await answer.json();
  return apps.map(({ container }) => container.docker.image).find((each) => each !== image);
}

/** Brings in an image; after a kill the same command goes on with it. */
function deploy(image) {
  step(`Deploying ${image}`);
  const definition = JSON.parse(readFileSync(join(app, 'marathon.json'), 'utf8'));
  definition.container.docker.image = image;
  const file = join(here, 'build', 'marathon.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(definition, undefined, 2)}\n`);
  // The lab's own version of create-mesos-cluster.
  const words = ['run', '--silent', 'deploy', '--', file, '--strategy', 'blue-green', '--json'];
  const { apps } = JSON.parse(run('npm', words, { cwd: lab }));
  console.log(apps.map(({ id, state }) => `${id}: ${state}`).join('\n'));
}

async function answerOf(path) {
  try {
    const answer = await fetch(`${service}${path}`, { signal: AbortSignal.timeout(5000) });
    return answer.ok ? await answer.text() : `${answer.status} ${answer.statusText}`;
  } catch (error) {
    return `no answer: ${error.cause?.message ?? error.message}`;
  }
}

/** What is wrong with what users see. Health checks say that each instance is well, this that it is the right one. */
async function fault() {
  const deadline = Date.now() + 30_000;
  let seen = await answerOf('/version');
  // The load balancer may not have heard of the very first version yet.
  while (seen !== version && Date.now() < deadline) {
    await sleep(500);
    seen = await answerOf('/version');
  }
  if (seen !== version) return `${service}/version answers "${seen}", not "${version}"`;
  for (let count = 0; count < 20; count++) {
    const page = await answerOf('/');
    if (!page.includes(version)) return `${service}/ answers "${page.trim()}", and does not say ${version}`;
  }
  return undefined;
}

/** What is said of a version that answers wrong, and the exit code. */
function goBack(before) {
  if (before === undefined) {
    console.error('There is no version before it: it still serves.');
    return 7;
  }
  try {
    deploy(before);
    return 6;
  } catch (error) {
    report(error);
    console.error(`${before} could not be deployed: version ${version} still serves.`);
    return 7;
  }
}

/** The message has what the program said; its results, and errors of create-mesos-cluster as JSON, are in stdout. */
function report(error) {
  console.error(error.message.trim());
  if (error.stdout) console.error(error.stdout.trim());
}

async function main() {
  build();
  push();
  const image = `${registryOfAgents}/${name}:${version}`;
  const before = await imageBefore(image);
  deploy(image);
  step(`Asking ${service}`);
  const wrong = await fault();
  if (wrong === undefined) {
    console.log(`Version ${version} runs.`);
    return 0;
  }
  console.error(wrong);
  return goBack(before);
}

// Ctrl-C also reaches the program that runs, whose step fails then and tidies up; this is heard afterwards.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

try {
  process.exitCode = await main();
} catch (error) {
  report(error);
  // A program may end with 0, and have left what it was to read.
  process.exitCode = error.signal ? 130 : error.status || 1;
}
