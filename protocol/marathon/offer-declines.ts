import { listAt, numberAt, textAt } from '../json.ts';

/** Of NoOfferMatchReason, what agents lack of which an app needs more: its field of the app, and in words. */
export const lackedScalars: Readonly<Record<string, readonly [field: string, unit: string]>> = {
  InsufficientCpus: ['cpus', 'cpus'],
  InsufficientMemory: ['mem', 'MB of memory'],
  InsufficientDisk: ['disk', 'MB of disk'],
  InsufficientGpus: ['gpus', 'gpus'],
};

/**
 * Why the last offer of each agent was not taken, by Marathon's NoOfferMatchReason, and how often it was for that.
 * @param item of `GET /v2/queue` (queueObject.raml)
 */
export const lastDeclines = (item: unknown): readonly { readonly reason: string; readonly declined: number }[] =>
  listAt(item, 'processedOffersSummary', 'rejectSummaryLastOffers').flatMap((each) => {
    const [declined, reason] = [numberAt(each, 'declined') ?? 0, textAt(each, 'reason')];
    return declined === 0 || reason === undefined ? [] : [{ reason, declined }];
  });
