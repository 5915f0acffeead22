import type { FoundLab } from '../../runtimes/cluster-runtime.ts';

/** What there is of a lab that nothing runs, but something ran: a sentence, or two. */
export function remainsText({ former }: Extract<FoundLab, { readonly kind: 'remains' }>): string {
  if (former === undefined) return 'What ran this lab was killed.';
  if (former.isCopy) return `This folder is a copy of the lab in ${former.folder}, which is not touched.`;
  return `The folder of this lab was moved while it ran (it was ${former.folder}), which ends what runs it.`;
}
