import { addonUrl } from '../../checks/addons/addon-url.ts';
import { serviceUrl, type ClusterTarget } from '../../checks/cluster-target.ts';
import type { Plan } from '../../planning/plan/plan.ts';

/** What stands for something of the learner's lab in the text of a lesson. */
const placeholder = /\{\{([^{}\n]*)\}\}/g;

/** Those that there are, but for `service:PORT`. */
export const placeholderNames = [
  ...(['files', 'master', 'marathon', 'loadBalancer'] as const),
  ...(['chronos', 'mesosDns', 'registry', 'metrics', 'autoscaler'] as const),
] as const;

type Name = (typeof placeholderNames)[number];

const isName = (word: string): word is Name => (placeholderNames as readonly string[]).includes(word);

const servicePort = (word: string): number | undefined => {
  const digits = /^service:(\d{1,5})$/.exec(word)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** Words in `{{ }}` that stand for nothing, and where they are in the text. */
export const unknownPlaceholders = (text: string): readonly { readonly word: string; readonly offset: number }[] =>
  [...text.matchAll(placeholder)].flatMap(({ 1: word = '', index }) =>
    isName(word) || servicePort(word) !== undefined ? [] : [{ word, offset: index }],
  );

/**
 * A text with what is so in a lab in place of `{{ }}`; what the lab does not have is said to be missing.
 * @param files the folder of the lesson's files, as one types it in the lab
 */
export function fillIn(text: string, target: ClusterTarget, plan: Plan, files: string): string {
  const values: Readonly<Record<Name, string | undefined>> = {
    files,
    master: target.masters[0],
    marathon: target.marathons[0],
    loadBalancer: target.loadBalancer,
    chronos: target.chronoses?.[0],
    mesosDns: target.mesosDns?.url,
    registry: addonUrl(plan, 'registry'),
    metrics: addonUrl(plan, 'metrics'),
    autoscaler: addonUrl(plan, 'autoscaler'),
  };
  return text.replaceAll(placeholder, (whole, word: string) => {
    const port = servicePort(word);
    if (port !== undefined)
      return target.services === undefined ? `(no service port ${port})` : serviceUrl(target.services, port);
    return isName(word) ? (values[word] ?? `(no ${word} in this lab)`) : whole;
  });
}
