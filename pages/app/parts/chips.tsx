/** A state as the API names it: colour says nothing that the word does not. */
export const StateChip = ({ state }: { readonly state: string }) => (
  <span class={`chip ${state}`}>{state.replace(/^TASK_/, '').toLowerCase()}</span>
);
