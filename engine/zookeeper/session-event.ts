/** What happens to a session, in this order, again and again. */
export type SessionEvent =
  /** A server answers: in the same session as before, or in a new one. */
  | { readonly kind: 'connected'; readonly isNewSession: boolean }
  /** No server answers; the session may still be there. */
  | { readonly kind: 'suspended' }
  /** The session is over, and its ephemeral znodes are gone or will be soon: by the server's word, or by the clock. */
  | { readonly kind: 'expired'; readonly reason: string };
