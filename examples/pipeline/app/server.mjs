import { createServer } from 'node:http';

/* A web app as small as it can be: it says which version of it answers. */

const version = process.env.VERSION ?? 'unknown';

const pages = {
  '/': `Hello from version ${version}\n`,
  '/version': version,
  '/health': 'well',
};

const server = createServer(({ url = '/' }, answer) => {
  const page = pages[url];
  answer.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(page ?? 'not found\n');
});
server.listen(8080);

// Marathon asks it to end: what has been let in is answered.
process.once('SIGTERM', () => server.close(() => process.exit(0)));
