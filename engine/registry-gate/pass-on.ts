import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { responseHeaders } from '../load-balancer/http-headers.ts';
import { askRegistry, forgetUpload, type Behind } from './ask-registry.ts';
import { noRegistry, noRoom, sendAnswer } from './gate-answers.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** What the registry answered, for whoever keeps a record, or why it did not. */
export type Passed =
  | {
      readonly status: number;
      /** Of a manifest that was pushed. */
      readonly digest: string | undefined;
    }
  | { readonly failure: string };

/** A registry that is busy with a layer of gigabytes says nothing for a while. */
const silenceMs = 5 * 60_000;

/**
 * Passes a request on to the registry and its answer back, both as they come.
 * @param stored what is added to while a body comes in; undefined: nothing is stored
 */
export function passOn(
  message: IncomingMessage,
  response: ServerResponse,
  behind: Behind,
  stored?: StoredBytes,
): Promise<Passed> {
  return new Promise((resolve) => {
    const outgoing = askRegistry(message, behind, stored !== undefined);
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const answer = noRegistry(error.code ?? error.message);
      message.unpipe();
      if (!response.headersSent) sendAnswer(message, response, answer);
      resolve({ failure: response.destroyed ? 'the client went away' : answer.message });
    });
    outgoing.setTimeout(silenceMs, () => outgoing.destroy(new Error('it was silent for five minutes')));
    const passBack = (incoming: IncomingMessage) => {
      resolve(passAnswer(incoming, response));
    };
    const endWithClient = () => outgoing.destroy();
    outgoing.once('response', passBack);
    response.once('close', endWithClient);
    // The rest of a body that the registry did not want to the end.
    response.once('finish', () => message.unpipe().resume());
    if (stored === undefined) {
      message.pipe(outgoing);
      return;
    }
    const gauge = gaugeOf(stored);
    gauge.once('error', () => {
      outgoing.off('response', passBack);
      response.off('close', endWithClient);
      message.unpipe();
      breakOff(outgoing, behind, stored);
      const answer = noRoom(stored, undefined);
      sendAnswer(message, response, answer);
      resolve({ failure: answer.message });
    });
    message.pipe(gauge).pipe(outgoing);
  });
}

/** Locations are relative (REGISTRY_HTTP_RELATIVEURLS), so they lead to where the client asked. */
const asItIs = { location: (location: string) => location, usesHsts: false };

function passAnswer(incoming: IncomingMessage, response: ServerResponse): Passed {
  const status = incoming.statusCode ?? 502;
  const digest = incoming.headers['docker-content-digest'];
  response.sendDate = false;
  response.writeHead(status, incoming.statusMessage, responseHeaders(incoming.rawHeaders, asItIs));
  incoming.once('error', () => response.destroy());
  incoming.pipe(response);
  return { status, digest: typeof digest === 'string' ? digest : undefined };
}

/** Lets through what there is room for. */
function gaugeOf(stored: StoredBytes): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      const tell = (fits: boolean) => {
        if (fits) done(null, chunk);
        else done(new Error('There is no room'));
      };
      const fits = stored.takes(chunk.length);
      if (typeof fits === 'boolean') tell(fits);
      else fits.then(tell, done);
    },
  });
}

/** To the registry the body ends here: only of an upload whose state it knows it says how to forget it. */
function breakOff(outgoing: ClientRequest, behind: Behind, stored: StoredBytes): void {
  outgoing.once('response', (incoming) => {
    incoming.resume();
    forgetUpload(incoming.headers.location, behind, () => {
      stored.forget();
    });
  });
  outgoing.end();
}
