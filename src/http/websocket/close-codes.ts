/** Close codes of WebSockets that this gateway chooses itself; docs/SUBSCRIPTIONS.md has all of them. */

/** RFC 6455 registry, "try again later": the client comes back and resumes by its cursor. */
export const TRY_AGAIN_LATER = 1013;
/** RFC 6455 registry, "service restart": the client comes back at once. */
export const SERVICE_RESTART = 1012;
/**
 * The client holds or sends too much. Ours, and not 4429: clients of graphql-ws take that for a fault in their protocol
 * ("too many initialisation requests") and give up, while they come back after codes that they do not know, waiting
 * longer each time.
 */
export const TOO_MUCH = 4290;
