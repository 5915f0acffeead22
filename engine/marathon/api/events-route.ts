import { encodeEvent, eventHeartbeat } from '../../../protocol/server-sent-events.ts';
import { jsonAnswer, type Sink } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import type { EventBus, MarathonEvent } from '../event-bus.ts';
import type { ApiContext } from './api-context.ts';

const heartbeatMs = 10_000;
/** What may wait for a client before it is given up. */
const maxBufferedBytes = 4 * 1024 * 1024;
/** Marathon's own bound on subscribers (event_stream_max_outstanding_messages is per subscriber). */
const maxStreams = 256;

/** /v2/events (HttpEventStreamServlet.scala of Marathon). */
export function eventsRoute({ events, http }: ApiContext): Route {
  let open = 0;
  return route('GET', '/v2/events', (request) => {
    if (request.headers.accept?.includes('text/event-stream') !== true) {
      return jsonAnswer(405, { message: 'Method Not Allowed: this is an event stream, ask for text/event-stream' });
    }
    if (open >= maxStreams) return jsonAnswer(503, { message: 'Too many event streams are open' });
    const types = new Set(request.query.getAll('event_type'));
    const isLight = request.query.get('plan-format') === 'light';
    const { remoteAddress } = request;
    return {
      status: 200,
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' },
      maxBufferedBytes,
      stream: (sink) => {
        open += 1;
        sink.onClose(() => {
          open -= 1;
        });
        stream({ sink, events, remoteAddress }, (event) => {
          if (types.size > 0 && !types.has(event.eventType)) return;
          const data = isLight ? lightened(event) : event.data;
          const text = encodeEvent(event.eventType, JSON.stringify(data));
          http.eventStreamBytes += Buffer.byteLength(text);
          sink.write(text);
        });
      },
    };
  });
}

interface Stream {
  readonly sink: Sink;
  readonly events: EventBus;
  readonly remoteAddress: string;
}

function stream({ sink, events, remoteAddress }: Stream, listener: (event: MarathonEvent) => void): void {
  const unsubscribe = events.subscribe(listener);
  const heartbeat = setInterval(() => {
    sink.write(eventHeartbeat);
  }, heartbeatMs).unref();
  sink.onClose(() => {
    clearInterval(heartbeat);
    unsubscribe();
    events.publish('event_stream_detached', { remoteAddress });
  });
  events.publish('event_stream_attached', { remoteAddress });
}

/** Without the definitions of the apps of a deployment (`plan-format=light`). */
function lightened({ data }: MarathonEvent): object {
  const plan = data['plan'];
  if (typeof plan !== 'object' || plan === null || Array.isArray(plan)) return data;
  const { original: _original, target: _target, ...rest } = plan as Readonly<Record<string, unknown>>;
  return { ...data, plan: rest };
}
